use flame_task::{Kind, StartError, registry, task};
use tokio_util::sync::CancellationToken;

use crate::remote::{crunch, thumbnails};
use crate::runner::ctx;

#[test]
fn a_forged_identity_is_not_found() {
    let (outbound, _) = task!(|| 1).into_parts().unwrap();
    for bit in 0..64 {
        assert!(registry::find(outbound.task.exact() ^ (1 << bit)).is_none());
    }
}

#[test]
fn every_task_is_found_under_its_own_identity() {
    let all: Vec<_> = registry::tasks().collect();
    assert!(all.len() > 40, "{} tasks", all.len());
    for entry in &all {
        assert!(std::ptr::eq(registry::find(entry.exact()).unwrap(), *entry));
        assert!(entry.at().contains("tests/it/"), "{entry:?}");
    }
    assert_eq!(registry::conflicts(), []);
}

#[test]
fn a_function_is_found_by_its_name_and_signature() {
    let (outbound, _) = thumbnails(7, "s3://v", 2).into_parts().unwrap();
    let named = outbound.task.named().unwrap();
    assert_eq!(named.path, "it::remote::thumbnails");
    let entry = registry::find_named(named.path, named.fingerprint).unwrap();
    assert_eq!(
        (entry.kind(), entry.exact()),
        (Kind::Async, outbound.task.exact())
    );
    assert_eq!(entry.name(), named.path);

    let error = registry::find_named(named.path, named.fingerprint ^ 1).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("(u64, alloc::string::String, u32)"),
        "{error}"
    );
    let error = registry::find_named("it::remote::gone", named.fingerprint).unwrap_err();
    assert_eq!(error, registry::UnknownTask::NoSuchPath);
}

#[test]
fn a_block_has_no_name_for_other_builds() {
    assert_eq!(task!(|| 1).into_parts().unwrap().0.task.named(), None);
    assert_eq!(
        crunch(1).into_parts().unwrap().0.task.name(),
        "it::remote::crunch"
    );
}

#[test]
fn arguments_of_another_task_do_not_decode() {
    let (of_one, _) = task!(|| 1).into_parts().unwrap();
    let name = String::from("ann");
    let (of_other, _) = task!(|name| name.len()).into_parts().unwrap();
    let entry = registry::find(of_other.task.exact()).unwrap();
    let error = entry
        .start(of_one.payload, ctx("forged", CancellationToken::new()))
        .unwrap_err();
    assert!(matches!(error, StartError::DecodeArgs(_)), "{error}");
}

#[test]
fn a_task_in_a_module_that_nothing_uses_is_registered() {
    let unused = registry::tasks().filter(|entry| entry.name().starts_with("it::never_used"));
    let names: Vec<_> = unused.map(flame_task::Entry::name).collect();
    assert_eq!(names, ["it::never_used::alone"]);
}
