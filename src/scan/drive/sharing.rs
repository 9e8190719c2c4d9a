//! What runs on one store tell each other: which companies QCC does not serve, and who is looking for one.

use super::super::run::Stopped;
use super::super::shelf::{Failed, SEARCH_MS, Shelf, positions, write_note};
use super::Drive;
use crate::api::write::number_text;
use crate::client::call::Host;
use std::rc::Rc;

/// How long a run waits before it looks again whether another has found the company at fault.
const CONSULT_MS: f64 = 250.0;

impl<H: Host> Drive<H> {
    fn shelf(&self) -> Option<Shelf<'_, H>> {
        let time_ms = self.policy.timeout_ms.min(self.policy.deadline_ms);
        self.store.as_ref().map(|store| Shelf { store, client: &self.client, time_ms })
    }

    /// Lets other runs know what was found, and that they may search.
    pub(super) async fn share_found(&self) {
        self.keep_unsupported().await;
        if !self.run.borrow().is_searching() {
            self.end_mark().await;
        }
        self.changed.tell();
    }

    /// Learns what others have found out about companies at fault, and has one of them looked for where nobody else is
    /// looking already. A search of many runs for the same company would be paid for as many times.
    pub(super) async fn consult(self: Rc<Self>) {
        let Some(shelf) = self.shelf() else { return };
        let host = self.client.host();
        let mut other = None;
        let mut since = host.now();
        let until = since + 3.0 * SEARCH_MS;
        while !self.run.borrow().starts_nothing() {
            let consulted = match shelf.unsupported(self.ttl_ms).await {
                Ok(noted) => {
                    let known = positions(self.run.borrow().input(), &noted);
                    let before = self.run.borrow().unsupported().len();
                    let is_explained = !self.run.borrow_mut().learn(&known);
                    self.kept.set(self.kept.get() + self.run.borrow().unsupported().len() - before);
                    if is_explained {
                        break;
                    }
                    if !self.run.borrow().may_pay() {
                        // It costs nothing to look for it in the store.
                        self.run.borrow_mut().search();
                        break;
                    }
                    shelf.searcher().await
                }
                Err(Failed) => Err(Failed),
            };
            match consulted {
                Ok(Some(mark)) if host.now() < until => {
                    if other.as_ref() != Some(&mark) {
                        (other, since) = (Some(mark), host.now());
                    }
                    if host.now() - since < SEARCH_MS {
                        host.sleep(CONSULT_MS).await;
                        continue;
                    }
                }
                Ok(_) => {}
                Err(Failed) => {
                    self.stop(Stopped::Store);
                    break;
                }
            }
            let who = number_text((host.random() * 1e15) as u64);
            if shelf.mark(&who).await.is_err() {
                self.stop(Stopped::Store);
            }
            self.marked.set(true);
            self.run.borrow_mut().search();
            break;
        }
        self.share_found().await;
    }

    /// Lets others look for companies at fault, once this run no longer does.
    pub(super) async fn end_mark(&self) {
        if self.marked.take()
            && let Some(shelf) = self.shelf()
            && shelf.mark("").await.is_err()
        {
            self.stop(Stopped::Store);
        }
    }

    /// What was found out is kept, so that no run pays for it again.
    async fn keep_unsupported(&self) {
        let Some(shelf) = self.shelf().filter(|_| !self.keeping.get()) else { return };
        self.keeping.set(true);
        // Another may be found while this is being written.
        while self.kept.get() < self.run.borrow().unsupported().len() {
            self.kept.set(self.run.borrow().unsupported().len());
            let Ok(noted) = shelf.unsupported(self.ttl_ms).await else {
                self.stop(Stopped::Store);
                break;
            };
            let text = {
                let run = self.run.borrow();
                let names = run.unsupported().iter().map(|&company| run.input().name(company));
                let now = (self.client.host().now() / 1000.0).max(0.0) as u64;
                write_note(noted, names, now)
            };
            if shelf.keep_note(&text).await.is_err() {
                self.stop(Stopped::Store);
            }
        }
        self.keeping.set(false);
    }
}
