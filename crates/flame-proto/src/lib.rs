//! The wire between a parent and its runners: generated types and their translation
