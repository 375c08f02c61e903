//! Files of records: what is kept, what is refused, who sees them, what goes.

use std::{fs, path::Path, sync::Arc};

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use conexao_domain::{
    customers::customer::CUSTOMER,
    kernel::{
        problem::{Code, Problem},
        value::MovableClock,
    },
};
use conexao_engine::{
    Engine, Session, audit, identity,
    notes::attachments::{self, MAX_BYTES, Received},
    read,
};
use futures_util::{TryStreamExt, stream};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::home::{Home, People, customer, id, people};

on_both!(in_and_out, pictures, names, refused, who_sees_them, swept);

async fn receive(
    engine: &Engine,
    who: &Session,
    record: Uuid,
    name: &str,
    content: &[u8],
) -> Result<Received, Problem> {
    // Like the parts of a form, this stream panics when it is asked again after its end.
    let pieces = content.chunks(9_000).map(Bytes::copy_from_slice).collect::<Vec<_>>().into_iter();
    let stream =
        stream::unfold(pieces, async |mut pieces| pieces.next().map(|piece| (Ok::<_, std::io::Error>(piece), pieces)));
    attachments::receive(engine, &who.gate(&CUSTOMER, "update")?, record, name, Box::pin(stream)).await
}

pub async fn attach(engine: &Engine, who: &Session, record: Uuid, name: &str, content: &[u8]) -> Result<Json, Problem> {
    let received = receive(engine, who, record, name, content).await?;
    attachments::keep(engine, &who.gate(&CUSTOMER, "update")?, &received).await
}

pub async fn listed(engine: &Engine, who: &Session, record: Uuid) -> Vec<Json> {
    attachments::list(engine, &who.gate(&CUSTOMER, "read").unwrap(), record, None).await.unwrap().items
}

async fn content(engine: &Engine, who: &Session, file: &Json) -> Result<Vec<u8>, Problem> {
    let found = attachments::find(engine, who, file_id(file)).await?;
    let stream = attachments::content(engine, &found, None).await?;
    let pieces: Vec<Bytes> = stream.content.try_collect().await.unwrap();
    Ok(pieces.concat())
}

fn file_id(file: &Json) -> Uuid {
    file["id"].as_str().unwrap().parse().unwrap()
}

/// Files under a folder, as paths from it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() => {
                found.extend(files(&path).into_iter().map(|f| format!("{}/{f}", entry.file_name().display())));
            }
            _ => found.push(entry.file_name().display().to_string()),
        }
    }
    found
}

fn stored(home: &Home) -> usize {
    files(&home.folder.path().join("files")).len()
}

/// A picture of one pixel, which says it has `side` × `side`.
fn png(side: u32) -> Vec<u8> {
    let picture = "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000\
                   000d4944415478da6338c1c5f51f00045601dc8e889fe80000000049454e44ae426082";
    let mut png = hex::decode(picture).unwrap();
    png[16..20].copy_from_slice(&side.to_be_bytes());
    png[20..24].copy_from_slice(&side.to_be_bytes());
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    };
    let crc = !png[12..29].iter().fold(u32::MAX, step);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}

async fn in_and_out(home: Home) {
    let engine = home.engine().await;
    let People { vera, caio, .. } = people(&engine, "one").await;
    let ana = id(&customer(&engine, &vera, "Ana").await);
    let text = "código;valor\n".repeat(40_000);
    let table = attach(&engine, &vera, ana, "tabela de preços.csv", text.as_bytes()).await.unwrap();
    assert_eq!(
        (table["name"].as_str(), table["media_type"].as_str()),
        (Some("tabela de preços.csv"), Some("text/plain"))
    );
    assert_eq!(
        (table["size"].as_u64(), table["has_thumbnail"].as_bool()),
        (u64::try_from(text.len()).ok(), Some(false))
    );
    assert_eq!(table["created_by"]["name"], "Vera");
    let pdf = attach(&engine, &vera, ana, "nota.pdf", b"%PDF-1.7 nota").await.unwrap();
    assert_eq!(listed(&engine, &caio, ana).await, [pdf.clone(), table.clone()]);
    assert_eq!(content(&engine, &caio, &table).await.unwrap(), text.as_bytes());

    let found = attachments::find(&engine, &caio, file_id(&table)).await.unwrap();
    let part = attachments::content(&engine, &found, Some(8..13)).await.unwrap();
    assert_eq!(part.content.try_collect::<Vec<Bytes>>().await.unwrap().concat(), b"valor");

    let reader = vera.gate(&CUSTOMER, "read").unwrap();
    let told = read::timeline(&engine, &reader, ana, None).await.unwrap().items;
    let seen: Vec<_> =
        told.iter().map(|i| (i["kind"].as_str().unwrap(), i["actor"]["name"].as_str().unwrap())).collect();
    assert_eq!(seen, [("file", "Vera"), ("file", "Vera"), ("change", "Vera")]);
    assert_eq!(told[0]["file"]["name"], "nota.pdf");

    let gate = vera.gate(&CUSTOMER, "update").unwrap();
    attachments::remove(&engine, &gate, ana, file_id(&pdf)).await.unwrap();
    assert_eq!(attachments::remove(&engine, &gate, ana, file_id(&pdf)).await.unwrap_err().code, Code::NotFound);
    assert_eq!(content(&engine, &vera, &pdf).await.unwrap_err().code, Code::NotFound);
    assert_eq!(listed(&engine, &vera, ana).await, [table]);
    let last = &read::timeline(&engine, &reader, ana, None).await.unwrap().items[0];
    assert_eq!(last["action"], "detach");
    assert_eq!(audit::verify(&engine, vera.tenant).await.unwrap().broken_at, None);
}

async fn pictures(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let ana = id(&customer(&engine, &vera, "Ana").await);
    let photo = attach(&engine, &vera, ana, "foto.png", &png(1)).await.unwrap();
    assert_eq!((photo["media_type"].as_str(), photo["has_thumbnail"].as_bool()), (Some("image/png"), Some(true)));
    let found = attachments::find(&engine, &vera, file_id(&photo)).await.unwrap();
    let small = attachments::thumbnail(&engine, &found).await.unwrap();
    assert!(small.media_type.starts_with("image/") && !small.content.is_empty());
    assert_eq!(stored(&home), 2);

    // It promises ten thousand million pixels in 70 bytes.
    let bomb = attach(&engine, &vera, ana, "foto.png", &png(100_000)).await.unwrap_err();
    assert_eq!((bomb.code, bomb.fields[0].code.as_str()), (Code::Validation, "file.image_too_large"));
    assert_eq!((stored(&home), listed(&engine, &vera, ana).await.len()), (2, 1));

    let torn = attach(&engine, &vera, ana, "meia.png", &png(1)[..45]).await.unwrap();
    assert_eq!(torn["has_thumbnail"], false, "kept as it is");
    let found = attachments::find(&engine, &vera, file_id(&torn)).await.unwrap();
    assert_eq!(attachments::thumbnail(&engine, &found).await.unwrap_err().code, Code::NotFound);
}

async fn names(home: Home) {
    let engine = home.engine().await;
    let People { vera, .. } = people(&engine, "one").await;
    let ana = id(&customer(&engine, &vera, "Ana").await);
    for (given, kept) in [
        ("../../../../tmp/fora.txt", "fora.txt"),
        ("..\\..\\fora.txt", "fora.txt"),
        ("/etc/passwd", "passwd"),
        ("..", "arquivo"),
        ("a\0b\r\n.txt", "ab.txt"),
    ] {
        let file = attach(&engine, &vera, ana, given, b"texto").await.unwrap();
        assert_eq!(file["name"], kept, "{given:?}");
        assert_eq!(content(&engine, &vera, &file).await.unwrap(), b"texto");
    }
    let all = files(&home.folder.path().join("files"));
    assert_eq!(all.len(), 5);
    let ours = format!("tenants/{}/", vera.tenant.0);
    assert!(all.iter().all(|path| path.starts_with(&ours) && !path.contains("..")), "{all:?}");
}

async fn refused(home: Home) {
    let engine = home.engine().await;
    let People { vera, caio, .. } = people(&engine, "one").await;
    let ana = id(&customer(&engine, &vera, "Ana").await);
    let why = async |name: &str, content: &[u8]| {
        let problem = attach(&engine, &vera, ana, name, content).await.unwrap_err();
        (problem.code, problem.fields[0].code.clone(), Json::Object(*problem.extra))
    };
    let (code, reason, extra) = why("nota.pdf", b"<html><script>alert(1)</script>").await;
    assert_eq!((code, reason.as_str()), (Code::UnsupportedMedia, "file.type_not_allowed"));
    assert_eq!(extra["media_type"], "text/html", "whatever its name says");
    let (code, _, extra) = why("fatura.pdf.exe", b"texto").await;
    assert_eq!((code, extra["extension"].as_str()), (Code::UnsupportedMedia, Some("exe")));
    assert_eq!(why("programa", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0").await.0, Code::UnsupportedMedia);
    assert_eq!(why("vazio.txt", b"").await.1, "file.empty");

    let gate = vera.gate(&CUSTOMER, "update").unwrap();
    let piece = Bytes::from(vec![b'a'; 1 << 20]);
    let endless = stream::iter(std::iter::repeat_with(|| Ok::<_, std::io::Error>(piece.clone())));
    let large = attachments::receive(&engine, &gate, ana, "grande.txt", endless).await.unwrap_err();
    assert_eq!((large.code, large.fields[0].code.as_str()), (Code::TooLarge, "file.too_large"));
    assert_eq!(large.extra["limit"], MAX_BYTES);
    let broken = stream::iter([Ok(piece), Err(std::io::Error::other("gone"))]);
    let broken = attachments::receive(&engine, &gate, ana, "meio.txt", broken).await.unwrap_err();
    assert_eq!((broken.code, broken.fields[0].code.as_str()), (Code::Malformed, "file.broke_off"));

    let nowhere = attach(&engine, &vera, Uuid::now_v7(), "a.txt", b"texto").await.unwrap_err();
    assert_eq!(nowhere.code, Code::NotFound);
    assert_eq!(attach(&engine, &caio, ana, "a.txt", b"texto").await.unwrap_err().code, Code::Forbidden, "reads only");
    let received = receive(&engine, &vera, ana, "a.txt", b"texto").await.unwrap();
    assert_eq!(stored(&home), 1);
    attachments::discard(&engine, &received).await;
    assert_eq!(attachments::keep(&engine, &gate, &received).await.unwrap_err().code, Code::Internal, "it is gone");
    assert_eq!((stored(&home), listed(&engine, &vera, ana).await.len()), (0, 0), "nothing is left behind");
}

async fn who_sees_them(home: Home) {
    let engine = home.engine().await;
    let People { vera, caio, system, .. } = people(&engine, "one").await;
    let other = people(&engine, "two").await;
    let (ana, bia) = (id(&customer(&engine, &vera, "Ana").await), id(&customer(&engine, &vera, "Bia").await));
    let file = attach(&engine, &vera, ana, "a.txt", b"texto").await.unwrap();
    assert_eq!(content(&engine, &caio, &file).await.unwrap(), b"texto");
    assert_eq!(content(&engine, &other.vera, &file).await.unwrap_err().code, Code::NotFound, "another tenant");

    let user =
        identity::create_user(&engine, &system, "Tito", "tito@one.example", &["tecnico"], "correct horse 9").await;
    let tito = identity::session_of(&engine, vera.tenant, user.unwrap()).await.unwrap();
    assert_eq!(content(&engine, &tito, &file).await.unwrap_err().code, Code::NotFound, "not his customer");
    let user = identity::create_user(&engine, &system, "Lia", "lia@one.example", &["cliente"], "correct horse 9").await;
    let lia = identity::session_of(&engine, vera.tenant, user.unwrap()).await.unwrap();
    assert_eq!(content(&engine, &lia, &file).await.unwrap_err().code, Code::Forbidden);

    let (gate, abroad) = (vera.gate(&CUSTOMER, "update").unwrap(), other.vera.gate(&CUSTOMER, "update").unwrap());
    for (who, record) in [(&gate, bia), (&abroad, ana)] {
        assert_eq!(attachments::remove(&engine, who, record, file_id(&file)).await.unwrap_err().code, Code::NotFound);
    }
    // Not even a kept upload can be moved to somebody else's record.
    let received = receive(&engine, &vera, ana, "b.txt", b"texto").await.unwrap();
    assert_eq!(attachments::keep(&engine, &abroad, &received).await.unwrap_err().code, Code::NotFound);
}

async fn swept(home: Home) {
    let clock = Arc::new(MovableClock::new(Utc::now()));
    let engine = home.engine_at(Arc::clone(&clock), true).await;
    let People { vera, .. } = people(&engine, "one").await;
    let ana = id(&customer(&engine, &vera, "Ana").await);
    let kept = attach(&engine, &vera, ana, "fica.txt", b"fica").await.unwrap();
    let gone = attach(&engine, &vera, ana, "vai.png", &png(1)).await.unwrap();
    let gate = vera.gate(&CUSTOMER, "update").unwrap();
    attachments::remove(&engine, &gate, ana, file_id(&gone)).await.unwrap();
    receive(&engine, &vera, ana, "caiu.txt", b"a energia caiu").await.unwrap();
    assert_eq!(stored(&home), 4, "the picture has a thumbnail");

    clock.advance(TimeDelta::hours(23));
    assert_eq!((attachments::sweep(&engine, vera.tenant).await.unwrap(), stored(&home)), (0, 4));
    clock.advance(TimeDelta::hours(2));
    assert_eq!((attachments::sweep(&engine, vera.tenant).await.unwrap(), stored(&home)), (1, 3));
    clock.advance(TimeDelta::days(30));
    assert_eq!((attachments::sweep(&engine, vera.tenant).await.unwrap(), stored(&home)), (1, 1));
    assert_eq!(content(&engine, &vera, &kept).await.unwrap(), b"fica");
}
