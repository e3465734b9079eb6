/// Tells whoever runs this program one number.
///
/// The key begins with the letter of the work and ends with the unit: `B/64/calls_per_s`.
#[expect(clippy::print_stdout, reason = "this is how `measure` hears of it")]
pub fn tell(key: &str, value: f64) {
    println!("{key}\t{value}");
}
