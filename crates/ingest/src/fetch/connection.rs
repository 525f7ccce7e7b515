//! Connections that notice what a server sends after the end of its answer.
//!
//! HTTP/1.1 stops reading at the length announced. A proxy that decompresses a file, and leaves the length
//! of the compressed one, thus cuts it without anyone knowing: so the wire is watched until it closes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

/// How long a server may take to close a connection it was asked to close; only then is it believed.
const GRACE: Duration = Duration::from_millis(500);

/// Makes connections that raise a flag when something follows the answer.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) inner: DefaultConnector,
    pub(super) excess: Arc<AtomicBool>,
}

impl Connector for Watch {
    type Out = Watched;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Watched>, ureq::Error> {
        let inner = self.inner.connect(details, chained)?;
        Ok(inner.map(|inner| Watched { inner, excess: self.excess.clone() }))
    }
}

/// A connection of one request.
#[derive(Debug)]
pub(super) struct Watched {
    inner: Box<dyn Transport>,
    excess: Arc<AtomicBool>,
}

impl Transport for Watched {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl Drop for Watched {
    /// The answer was read to its end, or is not wanted any more.
    fn drop(&mut self) {
        if self.inner.buffers().input().is_empty() {
            let timeout = NextTimeout { after: GRACE.into(), ..NextTimeout::default() };
            // Closed, silent or broken: nothing follows.
            let _ = self.inner.await_input(timeout);
        }
        if !self.inner.buffers().input().is_empty() {
            self.excess.store(true, Ordering::Relaxed);
        }
    }
}
