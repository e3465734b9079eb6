use flame_task::{Secret, Secrets};

use crate::error::StartError;

/// How large the secrets of a pool may be, with their names.
const SECRETS_LIMIT: usize = 1024 * 1024;

/// What the runners of a pool are given besides the code: given to [`PoolBuilder::env`](crate::PoolBuilder::env).
///
/// ```
/// # use flame_runtime as flame;
/// use flame::{Pool, RunnerEnv};
///
/// # fn read(_file: &str) -> String { String::from("sk_live_4711") }
/// let env = RunnerEnv::new().secret("PAYMENT_KEY", read("payment.key"));
/// let pool = Pool::builder("payments").max(4).env(env);
/// ```
#[derive(Clone, Debug, Default)]
pub struct RunnerEnv {
    pub(crate) secrets: Secrets,
    pub(crate) keeps_core_files: bool,
}

impl RunnerEnv {
    /// Gives nothing, and lets no core files be written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives runners a secret: `main` reads it with [`Runner::secret`](crate::Runner::secret), and a task with
    /// `Ctx::secret`.
    ///
    /// A runner is given it over the link to its parent, when it has proved who it is. It stands in no environment, in
    /// no argument and in no request to a provider. It is the same on every backend, runners in this process included.
    ///
    /// A pool in a `static` has its secrets from the configuration: `secrets = ["PAYMENT_KEY"]` in `flame.toml` names
    /// variables of the parent's environment. That goes over what is said here. All secrets of a pool with their names
    /// have a mebibyte at most.
    #[must_use]
    pub fn secret(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.secrets.insert(name.into(), value.into());
        self
    }

    /// Lets the kernel write a core file when a runner dies of a signal, as far as the host's limits allow. Unless this
    /// is called, runners with a process of their own turn that off: a core file holds their memory, and so the secrets
    /// and what tasks work on.
    #[must_use]
    pub const fn keep_core_files(mut self) -> Self {
        self.keeps_core_files = true;
        self
    }

    /// The same, with those secrets that the configuration names.
    pub(crate) fn with_configured(
        mut self,
        pool: &str,
        names: &[String],
    ) -> Result<Self, StartError> {
        let problem = |name: &str, problem| StartError::Secret {
            pool: pool.to_owned(),
            name: name.to_owned(),
            problem,
        };
        for name in names {
            let value = std::env::var(name)
                .map_err(|_| problem(name, "this process has no variable of that name"))?;
            self.secrets.insert(name.clone(), Secret::new(value));
        }
        let mut size = 0;
        for (name, secret) in self.secrets.iter() {
            size += name.len() + secret.expose().len();
            if size > SECRETS_LIMIT {
                return Err(problem(name, "all of them have more than a mebibyte"));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_values_are_not() {
        let env = RunnerEnv::new().secret("PAYMENT_KEY", "canary-1");
        let shown = format!("{env:?}");
        assert!(shown.contains("PAYMENT_KEY"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn the_configuration_names_variables_and_goes_over_the_code() {
        let env = RunnerEnv::new().secret("PATH", "of the code");
        let env = env.with_configured("p", &["PATH".to_owned()]).unwrap();
        let path = std::env::var("PATH").unwrap();
        assert_eq!(env.secrets.get("PATH").unwrap().expose(), path);

        let error = env
            .with_configured("p", &["FLAME_TEST_NO_SUCH".to_owned()])
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "pool p cannot give its runners the secret \"FLAME_TEST_NO_SUCH\": this process has no variable of that name"
        );
    }

    #[test]
    fn secrets_that_are_too_large_together_are_refused() {
        let half = "x".repeat(SECRETS_LIMIT / 2);
        let one = RunnerEnv::new().secret("A", &*half);
        assert!(one.clone().with_configured("p", &[]).is_ok());
        let two = one.secret("B", &*half);
        assert!(two.with_configured("p", &[]).is_err());
    }
}
