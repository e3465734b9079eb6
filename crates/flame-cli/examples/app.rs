//! The smallest app that a doctor can look at, for the tests of this crate.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runner = flame::runner();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match runner {
            Some(_) if std::env::var_os("APP_BREAKS").is_some() => {
                Err("no database in a runner".into())
            }
            Some(runner) => Ok(runner.serve().await?),
            None => Err("this is the app itself".into()),
        }
    })
}
