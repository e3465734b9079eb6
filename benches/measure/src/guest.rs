use std::path::PathBuf;
use std::str::FromStr;

/// Who takes part only if asked, because it has to be installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guest {
    /// Ray, of the Python that `PYTHON` names.
    Ray,
    /// FLAME on the BEAM, of the checkout in this folder.
    Beam(PathBuf),
}

impl FromStr for Guest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            None if text == "ray" => Ok(Self::Ray),
            Some(("beam", checkout)) => Ok(Self::Beam(checkout.into())),
            None | Some(_) => {
                Err("say `ray`, or `beam=` and the folder of a FLAME checkout".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_named_with_where_it_lives() {
        assert_eq!("ray".parse(), Ok(Guest::Ray));
        assert_eq!("beam=/x".parse(), Ok(Guest::Beam("/x".into())));
        assert!("beam".parse::<Guest>().is_err());
        assert!("dask".parse::<Guest>().is_err());
    }
}
