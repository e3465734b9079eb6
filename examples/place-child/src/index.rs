//! A full-text index in memory, ranked by BM25.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How much a repeated word adds, and how much long documents are held back: the usual values of BM25
/// (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// Which words stand in which documents.
#[derive(Debug, Default)]
pub(crate) struct Index {
    documents: Vec<Document>,
    /// For each word, the documents that have it, and how often.
    postings: BTreeMap<String, BTreeMap<usize, u32>>,
}

#[derive(Debug)]
struct Document {
    name: String,
    words: usize,
}

/// A document that fits a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hit {
    /// The document.
    pub(crate) name: String,
    /// How well it fits; more is better.
    pub(crate) score: f64,
}

impl Index {
    /// Adds a document.
    pub(crate) fn add(&mut self, name: &str, text: &str) {
        let id = self.documents.len();
        let mut words = 0;
        for word in words_of(text) {
            words += 1;
            *self
                .postings
                .entry(word)
                .or_default()
                .entry(id)
                .or_default() += 1;
        }
        let name = name.to_owned();
        self.documents.push(Document { name, words });
    }

    /// The documents that fit best, at most `limit`, the best one first.
    pub(crate) fn find(&self, question: &str, limit: usize) -> Vec<Hit> {
        let mut scores = BTreeMap::<usize, f64>::new();
        for word in words_of(question) {
            let Some(postings) = self.postings.get(&word) else {
                continue;
            };
            let rarity = self.rarity(postings.len());
            for (&id, &times) in postings {
                *scores.entry(id).or_default() += rarity * self.weight(id, times);
            }
        }
        let mut hits: Vec<Hit> = scores
            .into_iter()
            .map(|(id, score)| Hit {
                name: self.documents[id].name.clone(),
                score,
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(limit);
        hits
    }

    /// How many documents and how many different words it has.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.documents.len(), self.postings.len())
    }

    fn rarity(&self, documents: usize) -> f64 {
        let (all, with) = (self.documents.len() as f64, documents as f64);
        ((all - with + 0.5) / (with + 0.5)).ln_1p()
    }

    fn weight(&self, id: usize, times: u32) -> f64 {
        let words: usize = self.documents.iter().map(|document| document.words).sum();
        let average = words as f64 / self.documents.len() as f64;
        let length = self.documents[id].words as f64 / average;
        let times = f64::from(times);
        times * (SATURATION + 1.0) / (times + SATURATION * (1.0 - LENGTH + LENGTH * length))
    }
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> Index {
        let mut index = Index::default();
        index.add("sea", "The sea, the sea and the wind");
        index.add("hill", "Wind on the hill");
        index.add("house", "A house");
        index
    }

    #[test]
    fn a_document_with_more_of_the_words_comes_first() {
        let hits = library().find("sea wind", 9);
        let names: Vec<_> = hits.iter().map(|hit| hit.name.as_str()).collect();
        assert_eq!(names, ["sea", "hill"]);
    }

    #[test]
    fn a_rare_word_counts_for_more() {
        let index = library();
        let rare = index.find("hill", 1)[0].score;
        let common = index.find("wind", 9);
        let common = common.iter().find(|hit| hit.name == "hill").unwrap();
        assert!(rare > common.score);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert_eq!(Index::default().find("anything", 9), []);
        assert_eq!(library().find("", 9), []);
        assert_eq!(library().size(), (3, 8));
    }
}
