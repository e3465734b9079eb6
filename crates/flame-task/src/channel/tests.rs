//! Channels over links that the test holds in its hands.

use futures_util::FutureExt as _;

mod sides;

use sides::{MAX_PAYLOAD, sides};

use crate::channel::ports::News;
use crate::channel::{CHANNEL_ITEM_COST, CHANNEL_WINDOW, RecvError, Rx, SendFailure, Tx, channel};
use crate::wire;

/// What there is to receive at once.
#[track_caller]
fn next<T: wire::Wire>(rx: &mut Rx<T>) -> Result<Option<T>, RecvError> {
    rx.recv().now_or_never().expect("nothing has come")
}

#[test]
fn what_waited_travels_first_and_nothing_does_without_room() {
    let (here, there) = sides();
    let (tx, rx) = channel::<u32>();
    tx.try_send(0).unwrap();
    let mut rx = here.send(&there, rx);
    tx.try_send(1).unwrap();
    drop(tx);
    assert!(here.deliver(&there).is_empty());
    assert_eq!(there.deliver(&here), [format!("0 credit {CHANNEL_WINDOW}")]);
    assert_eq!(
        here.deliver(&there),
        ["0 item", "0 item", "0 close Finished"]
    );
    assert_eq!(there.deliver(&here), ["0 close Finished"]);
    assert_eq!(next(&mut rx), Ok(Some(0)));
    assert_eq!(next(&mut rx), Ok(Some(1)));
    assert_eq!(next(&mut rx), Ok(None));
}

#[test]
fn the_two_sides_of_a_call_number_their_ends_apart() {
    let (here, there) = sides();
    let (from_here, mut rx) = channel::<u8>();
    let (from_there, mut back) = channel::<u8>();
    let from_here = here.send(&there, from_here);
    let from_there = there.send(&here, from_there);
    here.settle(&there);
    from_here.try_send(1).unwrap();
    from_there.try_send(2).unwrap();
    assert_eq!(there.deliver(&here), ["0 item"]);
    assert_eq!(here.deliver(&there), ["1 item"]);
    assert_eq!((next(&mut rx), next(&mut back)), (Ok(Some(1)), Ok(Some(2))));
}

#[test]
fn a_reader_that_does_not_read_lets_one_window_wait_on_each_side() {
    let (here, there) = sides();
    let (tx, rx) = channel::<Vec<u8>>();
    let mut rx = here.send(&there, rx);
    let item = || vec![7_u8; 1_000];
    let cost = wire::encode(&item()).unwrap().size() + CHANNEL_ITEM_COST;
    let fill = || {
        let mut sent = 0;
        while tx.try_send(item()).is_ok() {
            sent += 1;
            here.settle(&there);
        }
        sent
    };
    here.settle(&there);
    let sent = fill();
    // The receiver has what fits in its window, and the sender stops when its own is full.
    assert_eq!(sent, CHANNEL_WINDOW / cost + CHANNEL_WINDOW.div_ceil(cost));
    // Half a window is read before there is room again, so that most items are not told of one by one.
    let half = (CHANNEL_WINDOW / 2).div_ceil(cost);
    for _ in 1..half {
        assert_eq!(next(&mut rx), Ok(Some(item())));
    }
    assert!(there.deliver(&here).is_empty());
    assert_eq!(next(&mut rx), Ok(Some(item())));
    assert_eq!(there.deliver(&here).len(), 1);
    here.settle(&there);
    assert_eq!(fill(), half);
}

#[test]
fn an_item_larger_than_a_window_passes_alone() {
    let (here, there) = sides();
    let (tx, rx) = channel::<Vec<u8>>();
    let mut rx = here.send(&there, rx);
    here.settle(&there);
    for _ in 0..4 {
        tx.try_send(vec![0; 3 * CHANNEL_WINDOW as usize]).unwrap();
        here.settle(&there);
        assert!(tx.try_send(vec![1]).is_ok());
        here.settle(&there);
        assert_eq!(
            next(&mut rx).unwrap().unwrap().len(),
            3 * CHANNEL_WINDOW as usize
        );
        here.settle(&there);
        assert_eq!(next(&mut rx), Ok(Some(vec![1])));
    }
}

#[test]
fn whoever_sends_without_room_is_found_out() {
    let (here, there) = sides();
    let (tx, rx) = channel::<u64>();
    let _rx: Rx<u64> = here.send(&there, rx);
    let item = || News::Item(wire::encode(&vec![0_u8; CHANNEL_WINDOW as usize]).unwrap());
    there.hear(0, item()).unwrap();
    there.hear(0, item()).unwrap_err();
    // As is whoever sends to an end that sends.
    here.hear(0, item()).unwrap_err();
    drop(tx);
}

#[test]
fn ends_that_nobody_has_seen_come_back_and_leave_again_whole() {
    let (here, there) = sides();
    let (tx, rx) = channel::<u8>();
    let (back, mut results) = channel::<u8>();
    tx.try_send(1).unwrap();
    let payload = wire::encode(&(rx, back)).unwrap();
    here.dispatch(payload.clone());
    drop(tx);
    // The runner refuses the call: it has not looked at it.
    here.ports.take_back();
    while here.next().is_some() {}

    let (again, there_again) = sides();
    let (mut rx, back): (Rx<u8>, Tx<u8>) = there_again.receive(again.dispatch(payload)).unwrap();
    again.settle(&there_again);
    assert_eq!(next(&mut rx), Ok(Some(1)));
    assert_eq!(next(&mut rx), Ok(None));
    back.try_send(2).unwrap();
    drop(back);
    again.settle(&there_again);
    assert_eq!(
        (next(&mut results), next(&mut results)),
        (Ok(Some(2)), Ok(None))
    );
    drop(there);
}

#[test]
fn ends_that_are_never_sent_close() {
    let (tx, rx) = channel::<u8>();
    let (back, mut results) = channel::<u8>();
    drop(wire::encode(&(rx, back)).unwrap());
    assert_eq!(tx.try_send(1).unwrap_err().failure, SendFailure::Closed);
    assert_eq!(next(&mut results), Ok(None));
}

#[test]
fn ends_that_arrive_and_are_not_taken_close() {
    let (here, there) = sides();
    let (tx, rx) = channel::<u8>();
    let payload = here.dispatch(wire::encode(&rx).unwrap());
    drop(rx);
    // It is looked at as something else.
    there.receive::<String>(payload).unwrap_err();
    here.settle(&there);
    assert_eq!(tx.try_send(1).unwrap_err().failure, SendFailure::Closed);
}

#[test]
fn a_lost_peer_lets_arrive_what_has_come_and_then_says_so() {
    let (here, there) = sides();
    let (tx, rx) = channel::<u8>();
    let (back, mut results) = channel::<u8>();
    let (rx, back) = here.send(&there, (rx, back));
    here.settle(&there);
    back.try_send(1).unwrap();
    here.settle(&there);
    here.ports.lose();
    assert_eq!(next(&mut results), Ok(Some(1)));
    assert_eq!(next(&mut results), Err(RecvError::Lost));
    assert_eq!(
        next(&mut results),
        Err(RecvError::Lost),
        "and goes on to say so"
    );
    assert_eq!(tx.try_send(1).unwrap_err().failure, SendFailure::Lost);
    drop((rx, back));
}

#[test]
fn a_loss_passes_through_whoever_stands_between() {
    let ((left, middle_left), (middle_right, right)) = (sides(), sides());
    let (tx, rx) = channel::<u8>();
    let settle = || {
        for _ in 0..3 {
            left.settle(&middle_left);
            middle_right.settle(&right);
        }
    };
    // The sender is on the left, the receiver on the right.
    let (tx, rx) = (middle_left.send(&left, tx), middle_right.send(&right, rx));
    let mut rx: Rx<u8> = rx;
    settle();
    tx.try_send(1).unwrap();
    settle();
    assert_eq!(next(&mut rx), Ok(Some(1)));
    middle_left.ports.lose();
    settle();
    assert_eq!(next(&mut rx), Err(RecvError::Lost));
}

#[test]
fn an_item_that_does_not_encode_is_handed_back_with_the_ends_in_it() {
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    struct Never(#[serde(serialize_with = "fails")] u8);
    fn fails<S: serde::Serializer>(_: &u8, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("never"))
    }
    let (here, there) = sides();
    let (outer, outer_rx) = channel::<(Tx<u8>, Option<Never>, Vec<u8>)>();
    let mut outer_rx = here.send(&there, outer_rx);
    here.settle(&there);
    let (tx, mut rx) = channel::<u8>();
    let error = outer.try_send((tx, Some(Never(1)), vec![])).unwrap_err();
    assert!(
        matches!(error.failure, SendFailure::Encode { .. }),
        "{error}"
    );
    let (tx, _, _) = error.value;
    let large = vec![0; MAX_PAYLOAD as usize];
    let error = outer.try_send((tx, None, large)).unwrap_err();
    assert!(
        matches!(error.failure, SendFailure::TooLarge { .. }),
        "{error}"
    );
    let (tx, _, _) = error.value;
    tx.try_send(7).unwrap();
    outer.try_send((tx, None, vec![])).unwrap();
    assert_eq!(next(&mut rx), Ok(Some(7)));
    // It works from there, too.
    here.settle(&there);
    let (tx, _, _) = next(&mut outer_rx).unwrap().unwrap();
    tx.try_send(8).unwrap();
    here.settle(&there);
    assert_eq!(next(&mut rx), Ok(Some(8)));
}

#[test]
fn an_end_is_in_one_place() {
    let (tx, mut rx) = channel::<u8>();
    let error = wire::encode(&(&tx, &tx)).unwrap_err().to_string();
    assert!(error.contains("sent already"), "{error}");
    let payload = wire::encode(&tx).unwrap();
    assert_eq!(tx.try_send(1).unwrap_err().failure, SendFailure::Moved);
    assert!(tx.is_closed());
    // What was not sent is here again.
    drop(payload);
    tx.try_send(1).unwrap();
    assert_eq!(next(&mut rx), Ok(Some(1)));
    let (here, there) = sides();
    let moved = wire::encode(&rx).unwrap();
    let _rx: Rx<u8> = there.receive(here.dispatch(moved)).unwrap();
    assert_eq!(next(&mut rx), Err(RecvError::Moved));
}

#[test]
fn the_ports_of_a_call_end_after_it_and_all_of_its_ends() {
    let (here, there) = sides();
    let (tx, rx) = channel::<u8>();
    let rx = here.send(&there, rx);
    here.settle(&there);
    here.ports.call_ended();
    there.ports.call_ended();
    assert!(!here.is_done() && !there.is_done());
    // Both at the same time.
    drop((tx, rx));
    here.settle(&there);
    assert!(here.is_done() && there.is_done());
}

#[test]
fn a_table_that_makes_no_sense_is_an_error() {
    let (_, there) = sides();
    for head in [
        &[0xc1][..],
        &[0xc1, 0, 0, 0],
        &[0xc1, 0xff, 0xff, 0xff, 0xff, b't', 0, 0, 0, 0],
        &[0xc1, 0, 0, 0, 1, b'x', 0, 0, 0, 0],
        &[0xc1, 0, 0, 0, 2, b't', 0, 0, 0, 0, b'r', 0, 0, 0, 0],
    ] {
        let payload = crate::Payload {
            head: head.to_vec().into(),
            ..crate::Payload::default()
        };
        let error = there.receive::<()>(payload).unwrap_err();
        assert!(error.contains("channel"), "{error}");
    }
}

#[test]
fn a_value_that_speaks_of_an_end_which_did_not_come_is_an_error() {
    let message = |index| crate::Payload {
        head: [
            &[0xc1, 0, 0, 0, 1, b't', 0, 0, 0, 8][..],
            &[0xc7, 4, b'E', 0, 0, 0, index],
        ]
        .concat()
        .into(),
        ..crate::Payload::default()
    };
    assert!(sides().1.receive::<Tx<u8>>(message(0)).is_ok());
    let error = sides().1.receive::<Tx<u8>>(message(1)).unwrap_err();
    assert!(
        error.contains("no end of a channel with number 1"),
        "{error}"
    );
    let error = sides().1.receive::<Rx<u8>>(message(0)).unwrap_err();
    assert!(error.contains("the other end"), "{error}");
}

#[test]
fn ends_in_items_that_nobody_reads_close() {
    let (here, there) = sides();
    let (questions, inbox) = channel::<Tx<u8>>();
    let inbox = here.send(&there, inbox);
    here.settle(&there);
    let ask = || {
        let (answer, answers) = channel::<u8>();
        questions.try_send(answer).unwrap();
        answers
    };
    // Two have arrived and wait, one is on its way when the reader leaves, and one was not sent.
    let mut asked = vec![ask(), ask()];
    here.settle(&there);
    asked.push(ask());
    drop(inbox);
    asked.push(ask());
    here.settle(&there);
    for answers in &mut asked {
        assert_eq!(next(answers), Ok(None));
    }
    here.ports.call_ended();
    there.ports.call_ended();
    assert!(here.is_done() && there.is_done());
}
