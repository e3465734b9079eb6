//! For authors of flame backends and for tests of pools: scripted backend and conformance suite
