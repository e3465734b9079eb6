//! The index as an actor: it lives on a runner, is told documents and asked questions.

use flame::{Actor, Ctx, Reply};
use serde::{Deserialize, Serialize};

use crate::index::{Hit, Index};

/// Keeps an index.
#[derive(Debug)]
pub(crate) struct Librarian {
    index: Index,
    questions: usize,
}

/// What the librarian is told and asked.
#[derive(Serialize, Deserialize)]
pub(crate) enum Msg {
    /// Here is a document.
    Add {
        /// Its name, for hits.
        name: String,
        /// What stands in it.
        text: String,
    },
    /// Which documents fit best?
    Find {
        /// Some words.
        words: String,
        /// At most so many.
        limit: usize,
        /// The best one first.
        reply: Reply<Vec<Hit>>,
    },
    /// In which process do you live?
    Process(Reply<u32>),
}

/// What the librarian leaves at the end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    /// How many documents there were.
    pub(crate) documents: usize,
    /// How many different words.
    pub(crate) words: usize,
    /// How many questions were asked.
    pub(crate) questions: usize,
}

impl Actor for Librarian {
    type Args = ();
    type Msg = Msg;
    type Exit = Report;
    type Error = anyhow::Error;

    async fn start((): (), _: &Ctx) -> anyhow::Result<Self> {
        Ok(Self {
            index: Index::default(),
            questions: 0,
        })
    }

    async fn handle(&mut self, msg: Msg, _: &Ctx) -> anyhow::Result<()> {
        match msg {
            Msg::Add { name, text } => self.index.add(&name, &text),
            Msg::Find {
                words,
                limit,
                reply,
            } => {
                self.questions += 1;
                reply.send(self.index.find(&words, limit));
            }
            Msg::Process(reply) => reply.send(std::process::id()),
        }
        Ok(())
    }

    async fn stop(self, _: &Ctx) -> Report {
        let (documents, words) = self.index.size();
        Report {
            documents,
            words,
            questions: self.questions,
        }
    }
}
