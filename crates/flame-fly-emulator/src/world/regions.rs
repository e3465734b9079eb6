/// The codes of all regions, each with where it is.
pub(crate) const ALL: &[(&str, &str, &str)] = &[
    ("ams", "Amsterdam, Netherlands", "eu"),
    ("arn", "Stockholm, Sweden", "eu"),
    ("bom", "Mumbai, India", "apac"),
    ("cdg", "Paris, France", "eu"),
    ("dfw", "Dallas, Texas (US)", "us"),
    ("ewr", "Secaucus, NJ (US)", "us"),
    ("fra", "Frankfurt, Germany", "eu"),
    ("gru", "Sao Paulo, Brazil", "sa"),
    ("iad", "Ashburn, Virginia (US)", "us"),
    ("jnb", "Johannesburg, South Africa", "af"),
    ("lax", "Los Angeles, California (US)", "us"),
    ("lhr", "London, United Kingdom", "eu"),
    ("nrt", "Tokyo, Japan", "apac"),
    ("ord", "Chicago, Illinois (US)", "us"),
    ("sin", "Singapore, Singapore", "apac"),
    ("sjc", "San Jose, California (US)", "us"),
    ("syd", "Sydney, Australia", "apac"),
    ("yyz", "Toronto, Canada", "na"),
];

/// The regions that an expression names, in their order; `Err` is the part that names none.
pub(crate) fn expand(expression: &str) -> Result<Vec<&'static str>, String> {
    let mut expanded: Vec<&'static str> = Vec::new();
    for part in expression.split(',').map(str::trim) {
        let is_meant = |&&(code, _, geo): &&(&str, &str, &str)| match part {
            "any" => true,
            "na" => matches!(geo, "na" | "us"),
            "usa" => geo == "us",
            alias @ ("apac" | "eu" | "sa" | "us") => geo == alias,
            one => code == one,
        };
        let meant: Vec<_> = ALL.iter().filter(is_meant).collect();
        if meant.is_empty() {
            return Err(part.to_owned());
        }
        for (code, _, _) in meant {
            if !expanded.contains(code) {
                expanded.push(code);
            }
        }
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_tried_in_their_order() {
        assert_eq!(expand("iad"), Ok(vec!["iad"]));
        assert_eq!(expand("lhr,eu").map(|all| all[0]), Ok("lhr"));
        assert_eq!(expand("lhr,eu").map(|all| all.len()), Ok(5));
        assert_eq!(expand("iad,us,any").map(|all| all.len()), Ok(ALL.len()));
        assert_eq!(expand("iad,mars"), Err("mars".to_owned()));
        assert_eq!(expand(""), Err(String::new()));
    }
}
