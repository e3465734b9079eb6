//! Nothing outside of this module names anything in it.

use flame_macros::remote;

#[remote(crate = crate::flame)]
async fn alone(n: u32) -> u32 {
    n
}
