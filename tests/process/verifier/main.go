// An outsider's look at a log: checkpoint, every tile, every entry and single proofs are checked by
// the packages that Go's own tools check their checksum database with. It shares no code with the
// registry.
//
//  verifier all URL VKEY          the whole log hashes to its signed checkpoint
//  verifier extends URL VKEY OLD  the log begins with the checkpoint in the file OLD
//  verifier entry VKEY FILE       the leaf in FILE is proved by what follows it
package main

import (
  "bytes"
  "encoding/base64"
  "errors"
  "fmt"
  "io"
  "net/http"
  "os"
  "strconv"
  "strings"

  "golang.org/x/mod/sumdb/note"
  "golang.org/x/mod/sumdb/tlog"
)

const height = 8

func get(url string) ([]byte, error) {
  answer, err := http.Get(url)
  if err != nil {
    return nil, err
  }
  defer answer.Body.Close()
  if answer.StatusCode != http.StatusOK {
    return nil, fmt.Errorf("%s: %s", url, answer.Status)
  }
  return io.ReadAll(answer.Body)
}

// The tree that a signed checkpoint states.
func open(signed []byte, vkey string) (tlog.Tree, error) {
  verifier, err := note.NewVerifier(vkey)
  if err != nil {
    return tlog.Tree{}, err
  }
  opened, err := note.Open(signed, note.VerifierList(verifier))
  if err != nil {
    return tlog.Tree{}, err
  }
  lines := strings.Split(opened.Text, "\n")
  if len(lines) != 4 || lines[0] != verifier.Name() {
    return tlog.Tree{}, errors.New("the checkpoint has another form or origin")
  }
  size, err := strconv.ParseInt(lines[1], 10, 64)
  if err != nil {
    return tlog.Tree{}, err
  }
  hash, err := tlog.ParseHash(lines[2])
  return tlog.Tree{N: size, Hash: hash}, err
}

// Tiles by the paths of C2SP, which leave the height out.
type tiles struct{ url string }

func (t tiles) Height() int                                { return height }
func (t tiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
  var all [][]byte
  for _, tile := range wanted {
    path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
    data, err := get(t.url + "/" + path)
    if err != nil {
      return nil, err
    }
    all = append(all, data)
  }
  return all, nil
}

func bundle(url string, n int64, width int) ([][]byte, error) {
  path := tlog.Tile{H: height, L: 0, N: n, W: width}.Path()
  data, err := get(url + "/" + strings.Replace(path, "tile/8/0/", "tile/entries/", 1))
  if err != nil {
    return nil, err
  }
  var entries [][]byte
  for len(data) > 0 {
    if len(data) < 2 {
      return nil, errors.New("a bundle is cut")
    }
    size := int(data[0])<<8 | int(data[1])
    if len(data) < 2+size {
      return nil, errors.New("a bundle is cut")
    }
    entries = append(entries, data[2:2+size])
    data = data[2+size:]
  }
  if len(entries) != width {
    return nil, errors.New("a bundle has another number of entries")
  }
  return entries, nil
}

func all(url, vkey string) error {
  signed, err := get(url + "/checkpoint")
  if err != nil {
    return err
  }
  tree, err := open(signed, vkey)
  if err != nil {
    return err
  }
  reader := tlog.TileHashReader(tree, tiles{url})
  for from := int64(0); from < tree.N; from += 1 << height {
    width := 1 << height
    if tree.N-from < int64(width) {
      width = int(tree.N - from)
    }
    entries, err := bundle(url, from>>height, width)
    if err != nil {
      return err
    }
    var indexes []int64
    for i := range entries {
      indexes = append(indexes, tlog.StoredHashIndex(0, from+int64(i)))
    }
    hashes, err := reader.ReadHashes(indexes) // proves the tiles by the checkpoint's root
    if err != nil {
      return err
    }
    for i, entry := range entries {
      if tlog.RecordHash(entry) != hashes[i] {
        return fmt.Errorf("entry %d is not the one that is hashed", from+int64(i))
      }
    }
  }
  fmt.Println(tree.N)
  return nil
}

func extends(url, vkey, old string) error {
  before, err := os.ReadFile(old)
  if err != nil {
    return err
  }
  older, err := open(before, vkey)
  if err != nil {
    return err
  }
  signed, err := get(url + "/checkpoint")
  if err != nil {
    return err
  }
  newer, err := open(signed, vkey)
  if err != nil || older.N == 0 {
    return err
  }
  proof, err := tlog.ProveTree(newer.N, older.N, tlog.TileHashReader(newer, tiles{url}))
  if err != nil {
    return err
  }
  return tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
}

func entry(vkey, file string) error {
  text, err := os.ReadFile(file)
  if err != nil {
    return err
  }
  parts := bytes.SplitN(text, []byte("\n\n"), 3)
  if len(parts) != 3 {
    return errors.New("the file is no leaf with a proof")
  }
  tree, err := open(parts[2], vkey)
  if err != nil {
    return err
  }
  lines := strings.Split(string(parts[1]), "\n")
  if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
    return errors.New("the proof has another form")
  }
  index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
  if err != nil {
    return err
  }
  var proof tlog.RecordProof
  for _, line := range lines[2:] {
    raw, err := base64.StdEncoding.DecodeString(line)
    if err != nil || len(raw) != tlog.HashSize {
      return errors.New("the proof holds no hash")
    }
    proof = append(proof, tlog.Hash(*(*[tlog.HashSize]byte)(raw)))
  }
  leaf := append(append([]byte{}, parts[0]...), '\n')
  return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf))
}

func main() {
  err := errors.New("usage: verifier all URL VKEY | extends URL VKEY OLD | entry VKEY FILE")
  switch arguments := os.Args[1:]; {
  case len(arguments) == 3 && arguments[0] == "all":
    err = all(arguments[1], arguments[2])
  case len(arguments) == 4 && arguments[0] == "extends":
    err = extends(arguments[1], arguments[2], arguments[3])
  case len(arguments) == 3 && arguments[0] == "entry":
    err = entry(arguments[1], arguments[2])
  }
  if err != nil {
    fmt.Fprintln(os.Stderr, err)
    os.Exit(1)
  }
}
