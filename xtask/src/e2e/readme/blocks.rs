/// A block of code in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The first word behind the fence.
    pub(super) language: String,
    /// What is in it, as it stands there.
    pub(super) text: String,
}

impl Block {
    /// The file that its first line says it is.
    pub(super) fn file(&self) -> Option<&str> {
        self.text
            .lines()
            .next()?
            .strip_prefix("// ")?
            .split(' ')
            .next()
            .filter(|word| word.ends_with(".rs"))
    }

    /// The program that it is, or is a part of: as rustdoc sees it, hidden lines included.
    pub(super) fn program(&self) -> String {
        let lines = self.text.lines().map(|line| match line.trim_start() {
            "#" => "",
            shown if shown.starts_with("# ") => &shown[2..],
            _ => line,
        });
        let text: Vec<&str> = lines.collect();
        let text = text.join("\n");
        if text.contains("fn main()") {
            text
        } else {
            format!("#![allow(unused)]\nfn main() {{\n{text}\n}}\n")
        }
    }
}

/// All blocks, in their order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (open.as_mut(), line.strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(info)) => {
                let language = info.split(',').next().unwrap_or_default().trim();
                open = Some(Block {
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (None, None) => {}
        }
    }
    found
}

/// A text without what differs from run to run: numbers of processes, and of lives of a pool.
pub(super) fn masked(text: &str) -> String {
    let mut masked = String::new();
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    for word in words {
        let end = word
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(word.len());
        let (number, rest) = word.split_at(end);
        let is_long_hex = number.len() == 16 && number.chars().all(|c| c.is_ascii_hexdigit());
        let is_number = number.len() > 2 && number.chars().all(|c| c.is_ascii_digit());
        masked.push_str(if is_long_hex || is_number {
            "N"
        } else {
            number
        });
        masked.push_str(rest);
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_falls_into_its_blocks() {
        let found =
            blocks("a\n```rust,no_run\n// src/main.rs\nfn main() {}\n```\n```text\nb\n```\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].file(), Some("src/main.rs"));
        assert_eq!(found[0].language, "rust");
        assert_eq!(found[1].text, "b\n");
        assert_eq!(found[1].file(), None);
    }

    #[test]
    fn a_part_becomes_a_program_with_its_hidden_lines() {
        let block = Block {
            language: "rust".into(),
            text: "# async fn run() {\n#\n#[derive(Clone)]\nstruct A;\n# }\n".into(),
        };
        let program = block.program();
        assert!(
            program.contains("async fn run() {\n\n#[derive(Clone)]\nstruct A;\n}"),
            "{program}"
        );
        assert!(program.contains("fn main() {"));
    }

    #[test]
    fn only_what_differs_from_run_to_run_is_masked() {
        assert_eq!(
            masked("hello-237b32dc6fadf76b-0 (pid 2143) ended with signal 9, the sum is 10\n"),
            "hello-N-0 (pid N) ended with signal 9, the sum is 10\n"
        );
        assert_ne!(masked("signal 9"), masked("signal 15"));
    }
}
