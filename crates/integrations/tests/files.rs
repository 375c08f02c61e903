//! Storing and handing out files, in a folder and (when asked) in S3.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use bytes::Bytes;
use conexao_integrations::files::{FileError, FileKey, FileStore, FileStoreConfig, S3Config, StoredFile, UploadRules};
use futures_util::{TryStreamExt, stream};

const RULES: UploadRules = UploadRules::attachments(30 << 20);

type Chunk = Result<Bytes, std::io::Error>;

fn local(folder: &Path) -> FileStore {
    let folder = folder.join("files");
    FileStore::open(&FileStoreConfig::Local { folder }).unwrap()
}

async fn put(store: &FileStore, content: Vec<u8>) -> Result<StoredFile, FileError> {
    let pieces: Vec<Chunk> = content.chunks(70_000).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    store.put_stream(7, stream::iter(pieces), &RULES).await
}

async fn get(store: &FileStore, key: FileKey, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let found = store.get(7, key, range).await.unwrap();
    let pieces: Vec<Bytes> = found.content.try_collect().await.unwrap();
    pieces.concat()
}

fn files_in(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files_in(&path) } else { 1 })
        .sum()
}

/// What must hold of every store.
async fn behaves(store: &FileStore) {
    let content = "ação;1\n".repeat(3_000_000).into_bytes();
    let stored = put(store, content.clone()).await.unwrap();
    assert_eq!(stored.size, u64::try_from(content.len()).unwrap());
    assert_eq!(stored.media_type, "text/plain");
    assert_eq!(stored.sha256.len(), 64);
    assert_eq!(get(store, stored.key, None).await, content);
    assert_eq!(get(store, stored.key, Some(5..12)).await, content.get(5..12).unwrap());
    let tail = stored.size - 3;
    assert_eq!(get(store, stored.key, Some(tail..u64::MAX)).await, b";1\n");
    for range in [stored.size..stored.size + 1, 3..3] {
        let refused = store.get(7, stored.key, Some(range)).await.unwrap_err();
        assert!(matches!(refused, FileError::Range { size } if size == stored.size));
    }

    // Another tenant does not see it, nor can it remove it.
    assert_eq!(store.get(8, stored.key, None).await.unwrap_err().code(), "file.not_found");
    assert_eq!(store.delete(8, stored.key).await.unwrap_err().code(), "file.not_found");
    store.delete(7, stored.key).await.unwrap();
    store.delete(7, stored.key).await.unwrap();
    assert_eq!(store.get(7, stored.key, None).await.unwrap_err().code(), "file.not_found");
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let folder = tempfile::tempdir().unwrap();
    behaves(&local(folder.path())).await;
}

/// `S3_TEST_ENDPOINT=http://127.0.0.1:5000 cargo test -- --ignored in_s3`
/// with any server that has a bucket named `conexao`.
#[tokio::test]
#[ignore = "needs an S3 server in S3_TEST_ENDPOINT"]
async fn a_bucket_in_s3_keeps_files() {
    let config = S3Config {
        bucket: "conexao".to_owned(),
        region: "sa-east-1".to_owned(),
        endpoint: Some(std::env::var("S3_TEST_ENDPOINT").unwrap()),
        access_key_id: Some("id".to_owned()),
        secret_access_key: Some("secret".to_owned()),
        prefix: Some("files".to_owned()),
        allow_http: true,
    };
    assert!(!format!("{config:?}").contains("secret"));
    behaves(&FileStore::open(&FileStoreConfig::S3(config)).unwrap()).await;
}

#[tokio::test]
async fn what_breaks_the_rules_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = local(folder.path());
    assert_eq!(put(&store, Vec::new()).await.unwrap_err().code(), "file.empty");
    let page = b"<html><script>alert(1)</script>".to_vec();
    let refused = put(&store, page).await.unwrap_err();
    assert!(matches!(refused, FileError::TypeNotAllowed { found: "text/html" }));
    let large = put(&store, vec![b'a'; (30 << 20) + 1]).await.unwrap_err();
    assert!(matches!(large, FileError::TooLarge { limit } if limit == 30 << 20));
    let mut broken: Vec<Chunk> = vec![Ok(Bytes::from(vec![b'a'; 12 << 20]))];
    broken.push(Err(std::io::Error::other("gone")));
    let broken = store.put_stream(7, stream::iter(broken), &RULES).await;
    assert_eq!(broken.unwrap_err().code(), "file.upload");
    // Unfinished files are removed in the background.
    for _ in 0..50 {
        if files_in(folder.path()) == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(files_in(folder.path()), 0);
}

#[tokio::test]
async fn local_files_go_in_and_come_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = local(folder.path());
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for (name, media_type) in [
        ("clientes_pj.csv", "text/plain"),
        ("pandas/times_1904.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("frictionless/table-output.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("openrefine/dates.xls", "application/vnd.ms-excel"),
    ] {
        let path = data.join(name);
        let stored = store.put_path(7, &path, &UploadRules::tables(1 << 20)).await.unwrap();
        assert_eq!(stored.media_type, media_type, "{name}");
        let copy = folder.path().join("copy");
        store.download(7, stored.key, &copy).await.unwrap();
        assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(&path).unwrap());
    }
    let made = folder.path().join("export.html");
    std::fs::write(&made, "<html>").unwrap();
    let stored = store.put_made(7, &made, "text/html").await.unwrap();
    assert_eq!((stored.size, stored.media_type.as_str()), (6, "text/html"));
}

#[tokio::test]
async fn pictures_get_a_thumbnail() {
    let folder = tempfile::tempdir().unwrap();
    let store = local(folder.path());
    let picture = image::RgbImage::from_fn(1200, 900, |x, _| image::Rgb([u8::try_from(x % 256).unwrap(), 0, 0]));
    let path = folder.path().join("picture");
    picture.save_with_format(&path, image::ImageFormat::Jpeg).unwrap();
    let stored = store.put_path(7, &path, &UploadRules::images(5 << 20)).await.unwrap();
    assert_eq!(stored.media_type, "image/jpeg");
    let small = store.put_thumbnail(7, stored.key).await.unwrap();
    assert!(small.size < stored.size);
    let small = image::load_from_memory(&get(&store, small.key, None).await).unwrap();
    assert_eq!((small.width(), small.height()), (320, 240));
    let text = put(&store, b"no picture".to_vec()).await.unwrap();
    assert_eq!(store.put_thumbnail(7, text.key).await.unwrap_err().code(), "image.damaged");
}
