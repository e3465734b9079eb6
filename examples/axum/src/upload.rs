use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use flame::Blob;

/// How much of a name is kept, in characters.
const LONGEST_NAME: usize = 100;

/// A picture as it came.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) picture: Blob,
}

impl Upload {
    /// Reads all files of a form.
    pub(crate) async fn read_all(mut form: Multipart) -> Result<Vec<Self>, MultipartError> {
        let mut uploads = Vec::new();
        while let Some(field) = form.next_field().await? {
            // A browser sends an empty file where nothing was chosen.
            let Some(name) = field.file_name().filter(|name| !name.is_empty()) else {
                continue;
            };
            let name = name.chars().take(LONGEST_NAME).collect();
            let picture = field.bytes().await?.into();
            uploads.push(Self { name, picture });
        }
        Ok(uploads)
    }
}
