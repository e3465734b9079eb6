//! What a flame task is and how it travels: registry, value codec, blobs, build id
