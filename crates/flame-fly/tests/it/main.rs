//! The backend against an emulator.
