//! Lists the files of `web/dist` so that they are embedded in the binary.
//!
//! Without them the binary builds all the same and says, at `/`, how to build the page.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| io::Error::other("cargo gives CARGO_MANIFEST_DIR"))?;
    let dist = Path::new(&here).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist.canonicalize()?, &mut files)?;
    } else {
        println!("cargo::warning=web/dist is missing: the binary will have no page; run `make web` first");
    }
    let root = dist.canonicalize().unwrap_or(dist);
    let mut entries: Vec<(String, PathBuf)> = files
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            (format!("/{path}"), file)
        })
        .collect();
    entries.sort();
    let mut code = String::from("&[\n");
    for (path, file) in entries {
        let _ = writeln!(code, "    ({path:?}, include_bytes!({:?})),", file.display().to_string());
    }
    code.push(']');
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo gives OUT_DIR"))?;
    fs::File::create(Path::new(&out).join("assets.rs"))
        .and_then(|mut file| io::Write::write_all(&mut file, code.as_bytes()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
