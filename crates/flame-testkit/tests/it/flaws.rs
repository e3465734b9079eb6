//! The suite fails a backend that breaks a promise: one backend for each way to break one.

mod flawed;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use flame_testkit::conformance;

pub(crate) use flawed::{Flaw, Flawed};

/// How long a promise may take that is going to be broken by taking for ever.
const LITTLE_PATIENCE: Duration = Duration::from_secs(2);

macro_rules! found {
    ($($test:ident: $flaw:ident by $promise:ident;)+) => {
        $(
            #[test]
            fn $test() {
                let flawed = Flawed::new(Flaw::$flaw);
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    conformance::run_within(LITTLE_PATIENCE, conformance::$promise(&flawed));
                }));
                assert!(outcome.is_err(), "{:?} was not found", Flaw::$flaw);
            }
        )+
    };
}

found! {
    an_id_without_a_text_is_found:
        IdWithoutText by create_answers_with_an_id;
    a_create_without_an_answer_is_found:
        CreateNeverAnswers by create_answers_with_an_id;
    a_second_instance_of_one_name_is_found:
        SecondCreateMakesASecondInstance by create_for_the_same_name_makes_no_second_instance;
    an_instance_left_by_a_dropped_create_is_found:
        DroppedCreateIsForgotten by a_dropped_create_leaves_nothing_after_destroy;
    an_instance_left_by_a_create_that_failed_is_found:
        FailedCreateIsForgotten by a_create_that_fails_leaves_nothing;
    an_instance_that_survives_destroy_is_found:
        DestroyDoesNothing by destroy_ends_the_instance;
    a_destroyed_instance_in_the_list_is_found:
        ListsTheDestroyed by destroy_ends_the_instance;
    a_destroy_that_fails_the_second_time_is_found:
        DestroyFailsWhenThereIsNothing by destroy_may_be_repeated;
    a_destroy_that_fails_for_an_unknown_name_is_found:
        DestroyFailsWhenThereIsNothing by destroy_of_a_name_that_never_was_is_ok;
    an_instance_that_comes_up_after_its_destroy_is_found:
        StartsAfterItsAnswer by destroy_right_after_create_is_final;
    a_destroy_of_more_than_was_named_is_found:
        DestroyGoesByTheBeginningOfTheName by destroy_spares_the_others;
    an_end_that_is_never_told_is_found:
        EndedNeverTells by ended_tells_a_dead_boot_from_a_slow_one;
    an_end_that_is_told_too_early_is_found:
        EndedTellsAtOnce by ended_tells_a_dead_boot_from_a_slow_one;
    an_exit_code_that_is_not_told_is_found:
        EndedKnowsNothing by ended_tells_the_exit_code;
    a_signal_that_is_not_told_is_found:
        EndedKnowsNothing by ended_tells_the_signal;
    a_list_without_the_capability_is_found:
        ListsWithoutTheCapability by list_shows_what_carries_the_label;
    a_list_with_nothing_in_it_is_found:
        ListsNothing by list_shows_what_carries_the_label;
    a_list_without_labels_is_found:
        ListsWithoutLabels by list_shows_what_carries_the_label;
    a_stranger_in_the_list_is_found:
        ListsStrangers by list_shows_what_carries_the_label;
    a_changed_variable_is_found:
        EnvIsTrimmed by env_arrives_untouched;
    a_parent_text_that_is_cut_off_is_found:
        ParentIsCutOff by parent_text_arrives_untouched;
    a_parent_text_among_the_arguments_is_found:
        ParentIsAnArgument by parent_text_is_on_no_command_line;
    a_secret_in_debug_is_found:
        DebugShowsTheParent by debug_shows_no_secret;
    a_variable_in_debug_is_found:
        DebugShowsTheEnv by debug_shows_no_secret;
    a_parent_without_an_address_is_found:
        NamesNoAddress by parent_address_is_usable;
    an_address_that_is_none_from_elsewhere_is_found:
        NamesEveryAddress by parent_address_is_usable;
    an_address_of_somebody_else_is_found:
        NamesAStrangersAddress by parent_address_is_usable;
    a_tend_that_ends_what_is_wanted_is_found:
        TendEndsEverything by tend_may_be_dropped_at_any_await;
    a_dropped_tend_that_leaves_a_lock_behind_is_found:
        DroppedTendBlocksCreate by tend_may_be_dropped_at_any_await;
}
