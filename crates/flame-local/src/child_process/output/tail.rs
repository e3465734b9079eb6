use std::collections::VecDeque;

/// The last lines of a text, and those before its last backtrace.
///
/// A backtrace is longer than what is kept, and the message that it belongs to comes before it: with the
/// last lines alone, whoever turns backtraces on would not see the message any more.
#[derive(Debug)]
pub(super) struct Tail {
    kept: usize,
    /// The last lines, at most `kept`.
    last: VecDeque<String>,
    /// How many lines there were.
    count: usize,
    message: Message,
}

/// What was said before the last backtrace.
#[derive(Debug, Default)]
struct Message {
    lines: Vec<String>,
    /// The number of the line after it.
    end: usize,
}

impl Tail {
    pub(super) fn of(kept: usize) -> Self {
        Self {
            kept,
            last: VecDeque::new(),
            count: 0,
            message: Message::default(),
        }
    }

    /// Takes in the next line, with its end.
    pub(super) fn keep(&mut self, line: &[u8]) {
        if self.kept == 0 {
            return;
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = String::from_utf8_lossy(line).into_owned();
        if begins_a_backtrace(&line) {
            let before = self.last.len().saturating_sub(self.kept / 4);
            self.message = Message {
                lines: self.last.range(before..).cloned().collect(),
                end: self.count,
            };
        }
        if self.last.len() == self.kept {
            self.last.pop_front();
        }
        self.last.push_back(line);
        self.count += 1;
    }

    /// The lines that were kept, oldest first, with a mark where some are left out.
    pub(super) fn lines(&self) -> Vec<String> {
        let Message { lines, end } = &self.message;
        let first_of_last = self.count - self.last.len();
        if lines.is_empty() || end - lines.len() >= first_of_last {
            return self.last.iter().cloned().collect();
        }
        let rest = self.last.range(lines.len()..);
        let omitted = first_of_last + lines.len() - end;
        let mark = format!("[left out: {omitted} lines]");
        lines.iter().chain([&mark]).chain(rest).cloned().collect()
    }
}

/// As panics and errors with backtraces write it.
fn begins_a_backtrace(line: &str) -> bool {
    line.trim().eq_ignore_ascii_case("stack backtrace:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(kept: usize, lines: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut tail = Tail::of(kept);
        for line in lines {
            tail.keep(line.as_bytes());
        }
        tail.lines()
    }

    fn numbered(word: &str, count: usize) -> impl Iterator<Item = String> {
        (1..=count).map(move |n| format!("{word} {n}"))
    }

    #[test]
    fn what_came_before_a_long_backtrace_is_kept() {
        let lines = numbered("log", 100)
            .chain(["thread 'main' panicked at src/main.rs:3:5:".to_owned()])
            .chain(["no database".to_owned(), "stack backtrace:".to_owned()])
            .chain(numbered("frame", 60));
        let kept = tail(20, lines);
        assert_eq!(kept.len(), 21);
        assert_eq!(kept[4], "no database");
        assert_eq!(kept[5], "[left out: 46 lines]");
        assert_eq!(kept[6], "frame 46");
        assert_eq!(kept[20], "frame 60");
    }

    #[test]
    fn a_short_backtrace_leaves_nothing_out() {
        let lines = numbered("log", 100)
            .chain(["no database".to_owned(), "Stack backtrace:".to_owned()])
            .chain(numbered("frame", 10));
        let kept = tail(20, lines);
        assert_eq!(kept.len(), 20);
        assert_eq!(kept[0], "log 93");
        assert_eq!(kept[19], "frame 10");
    }

    #[test]
    fn of_several_backtraces_the_last_counts() {
        let one = |message: &str| {
            [message.to_owned(), "stack backtrace:".to_owned()]
                .into_iter()
                .chain(numbered("frame", 50))
        };
        let kept = tail(20, one("first").chain(one("second")));
        assert_eq!(kept[4], "second");
        assert_eq!(kept.iter().filter(|line| *line == "first").count(), 0);
    }

    #[test]
    fn lines_without_a_backtrace_are_the_last_ones() {
        assert_eq!(tail(2, numbered("log", 3)), ["log 2", "log 3"]);
        assert_eq!(tail(2, numbered("log", 1)), ["log 1"]);
    }

    #[test]
    fn too_few_lines_for_a_message_are_the_last_ones() {
        let lines = ["message", "stack backtrace:", "frame 1", "frame 2"];
        let kept = tail(2, lines.map(str::to_owned));
        assert_eq!(kept, ["frame 1", "frame 2"]);
    }
}
