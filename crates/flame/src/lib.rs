//! Run any block of your app on a temporary copy of the app, and get the result back
