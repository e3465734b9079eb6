use std::fmt::Debug;

use flame_macros::remote;
use flame_task::{Task, Wire, registry, task};

use crate::runner::there;

fn show<T: Wire + Debug>(values: Vec<T>) -> Task<String> {
    task!(|values| format!("{}: {values:?}", std::any::type_name::<T>()))
}

#[tokio::test]
async fn a_block_in_a_generic_function_is_one_task_for_each_type() {
    assert_eq!(there(show(vec![1_u8])).await.unwrap(), "u8: [1]");
    assert_eq!(there(show(vec!['x'])).await.unwrap(), "char: ['x']");
}

#[tokio::test]
async fn twins_are_two_tasks() {
    let n = 4_u64;
    let one = task!(|n| n * 2);
    let two = task!(|n| n * 2);
    let (one, two) = (one.into_parts().unwrap().0, two.into_parts().unwrap().0);
    assert_ne!(one.task.exact(), two.task.exact());
    for outbound in [one, two] {
        assert_eq!(
            registry::find(outbound.task.exact()).unwrap().signature(),
            "(u64,) -> u64"
        );
    }
}

#[remote(crate = crate::flame)]
fn largest<T: Wire + PartialOrd + Copy>(values: &[T], floor: T) -> T {
    let larger = |best, value| if value > best { value } else { best };
    values.iter().copied().fold(floor, larger)
}

#[tokio::test]
async fn a_generic_function_is_one_task_for_each_type() {
    assert_eq!(there(largest(&[1.5, 9.0], 0.0)).await.unwrap(), 9.0);
    assert_eq!(there(largest(&['a', 'z'], 'b')).await.unwrap(), 'z');
    assert_eq!(largest(&[1_u8, 3, 2], 0).await, 3);
}
