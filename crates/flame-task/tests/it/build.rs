use flame_task::build_id;

#[test]
fn a_build_names_itself_the_same_way_every_time() {
    assert_eq!(build_id(), build_id());
    let (kind, id) = build_id().split_once(':').unwrap();
    assert!(["env", "link", "exe"].contains(&kind), "{}", build_id());
    assert!(id.len() >= 8, "{}", build_id());
}
