package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/eventlog"
	"zhijian/store/secret"
	"zhijian/store/sqldb"
)

// The book of signed heads and the key that signs it, in the data folder of each node.
const (
	bookName     = "heads.log"
	chainKeyName = "chain-key"
	signEvery    = time.Minute
)

// headBook signs where the event chains end, each minute while something moves and when the house stops
// (security.md T40).
type headBook struct {
	db    *sqldb.DB
	clock clock.Clock
	log   *slog.Logger
	key   ed25519.PrivateKey
	file  *os.File
	at    prometheus.Gauge

	mu   sync.Mutex
	size int64  // of the whole lines
	prev string // hash of the last line, empty without one
	last [event.Shards]int64
}

// openBook opens the book for writing behind its last whole line and reads the key, making both in a new folder.
func (h *House) openBook(context.Context) (err error) {
	defer fault.Wrap(&err, "book of heads")
	b := &headBook{db: h.db, clock: h.c.Clock, log: h.c.Log, at: prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "zhijian_heads_signed_timestamp_seconds", Help: "When the heads of the event chains were signed last.",
	})}
	// The file first: a key without a book then means that somebody took the book away.
	if b.file, err = os.OpenFile(filepath.Join(h.c.Data, bookName), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	h.book = b
	if b.key, err = openChainKey(h.c.Data); err != nil {
		return err
	}
	h.chainKey = b.key.Public().(ed25519.PublicKey)
	if err := b.rewind(); err != nil {
		return err
	}
	return h.metrics.Register(b.at)
}

// rewind finds the last whole line, cuts off what a dying process left behind it, and remembers what it says.
func (b *headBook) rewind() error {
	info, err := b.file.Stat()
	if err != nil {
		return err
	}
	from := max(0, info.Size()-128<<10) // longer than any line
	tail, err := io.ReadAll(io.NewSectionReader(b.file, from, info.Size()-from))
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(tail, '\n') + 1
	if whole == 0 && from > 0 {
		return errors.New("its end is no line of a book: move it elsewhere, a new one begins")
	}
	b.size = from + int64(whole)
	if b.size < info.Size() {
		if err := b.file.Truncate(b.size); err != nil {
			return err
		}
	}
	if _, err := b.file.Seek(b.size, io.SeekStart); err != nil || whole == 0 {
		return err
	}
	line := tail[bytes.LastIndexByte(tail[:whole-1], '\n')+1 : whole]
	b.prev = eventlog.LineHash(line)
	// What the last line does not say is only signed once more.
	one, err := eventlog.ReadBook(bytes.NewReader(line), b.key.Public().(ed25519.PublicKey))
	for _, h := range one.Heads {
		b.last[h.Shard] = h.Position
	}
	return err
}

// run signs until ctx ends. What fails is logged and tried again a minute later.
func (b *headBook) run(ctx context.Context) error {
	tick := time.NewTicker(signEvery)
	defer tick.Stop()
	for {
		if err := b.sign(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("the heads of the event chains could not be signed", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// sign adds a line when a chain moved since the last one. It returns once the line is on disk.
func (b *headBook) sign(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "sign heads")
	b.mu.Lock()
	defer b.mu.Unlock()
	heads, err := eventlog.Heads(ctx, b.db)
	if err != nil {
		return err
	}
	var now [event.Shards]int64
	for _, h := range heads {
		now[h.Shard] = h.Position
	}
	if now == b.last {
		return nil
	}
	at := b.clock.Now()
	line, err := eventlog.Sign(b.key, at, heads, b.prev)
	if err != nil {
		return err
	}
	if _, err = b.file.Write(line); err == nil {
		err = b.file.Sync()
	}
	if err != nil {
		// A line that may be half there must not stand before the next one.
		_, seek := b.file.Seek(b.size, io.SeekStart)
		return errors.Join(err, b.file.Truncate(b.size), seek)
	}
	b.size += int64(len(line))
	b.prev, b.last = eventlog.LineHash(line), now
	b.at.Set(float64(at.Unix()))
	return nil
}

func (b *headBook) close() error {
	if b == nil || b.file == nil {
		return nil
	}
	return b.file.Close()
}

// openChainKey reads the keys that sign heads, making the first one when the folder is new. The file has one line per
// key, "ed25519 HEX": the last signs, all verify.
func openChainKey(dir string) (ed25519.PrivateKey, error) {
	path := filepath.Join(dir, chainKeyName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		seed := make([]byte, ed25519.SeedSize)
		_, _ = rand.Read(seed)
		if err := secret.Keep(path, "ed25519 "+hex.EncodeToString(seed)+"\n"); err != nil {
			return nil, err
		}
	}
	keys, err := readChainKeys(dir)
	if err != nil {
		return nil, err
	}
	return keys[len(keys)-1], nil
}

// readChainKeys gives the keys of a folder, oldest first, at least one; fs.ErrNotExist when it has none.
func readChainKeys(dir string) ([]ed25519.PrivateKey, error) {
	path := filepath.Join(dir, chainKeyName)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: mode is %v: others can read it; chmod 400", chainKeyName, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var keys []ed25519.PrivateKey
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		kind, hexed, _ := strings.Cut(strings.TrimSpace(line), " ")
		seed, err := hex.DecodeString(hexed)
		if kind != "ed25519" || err != nil || len(seed) != ed25519.SeedSize {
			return nil, fmt.Errorf("%s line %d: want ed25519 and 64 hexadecimal digits", chainKeyName, i+1)
		}
		keys = append(keys, ed25519.NewKeyFromSeed(seed))
	}
	return keys, nil
}

// remembered reads the book of a house that is not running. Without key and book there is nothing to remember.
func remembered(dir string) (book eventlog.Book, key string, err error) {
	defer fault.Wrap(&err, "book of heads")
	keys, err := readChainKeys(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return book, "", err
	}
	public := make([]ed25519.PublicKey, len(keys))
	for i, k := range keys {
		public[i] = k.Public().(ed25519.PublicKey)
		key = hex.EncodeToString(public[i])
	}
	f, err := os.Open(filepath.Join(dir, bookName))
	if errors.Is(err, fs.ErrNotExist) {
		if len(keys) > 0 {
			book.Bad = &eventlog.BadLine{Line: 1, Reason: "is gone, and all others with it: the file is missing"}
		}
		return book, key, nil
	}
	if err != nil {
		return book, key, err
	}
	defer f.Close()
	book, err = eventlog.ReadBook(f, public...)
	return book, key, err
}
