package eventlog

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"zhijian/ground/event"
)

// The book of heads is a file beside the database, or anywhere else: each line says where every chain ended at one
// moment, names the line before it by its hash, and is signed. Whoever cuts the chains, or writes them anew, has to cut
// the book as well, and cannot write in it without the key. A copy kept elsewhere finds even a book that was cut.

// format begins what is signed; another form of line would be another word.
const bookFormat = "zhijian.heads.1\x00"

// longestLine bounds a line of the book: eight heads are under 1 KB.
const longestLine = 64 << 10

// signedLine is a line as it is written. Said is kept byte for byte, so that the signature never depends on how JSON is spelt.
type signedLine struct {
	Said      json.RawMessage `json:"said"`
	Key       string          `json:"key"`
	Signature string          `json:"signature"`
}

type said struct {
	At    int64      `json:"at"`             // Unix ms
	Prev  string     `json:"prev,omitempty"` // hash of the line before; empty on the first
	Heads []saidHead `json:"heads"`
}

type saidHead struct {
	Shard    int    `json:"shard"`
	Position int64  `json:"position"`
	Hash     string `json:"hash"`
}

// KeyID names a public key: the first 16 hexadecimal digits of its SHA-256.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:8])
}

// Sign makes the next line of a book, with its line end. prev is the line before it as LineHash gives it, empty for the first.
func Sign(key ed25519.PrivateKey, at time.Time, heads []event.Head, prev string) ([]byte, error) {
	s := said{At: at.UnixMilli(), Prev: prev}
	for _, h := range heads {
		s.Heads = append(s.Heads, saidHead{h.Shard, h.Position, hex.EncodeToString(h.Hash)})
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	signature := ed25519.Sign(key, append([]byte(bookFormat), text...))
	line, err := json.Marshal(signedLine{text, KeyID(key.Public().(ed25519.PublicKey)), base64.StdEncoding.EncodeToString(signature)})
	return append(line, '\n'), err
}

// LineHash names a line for the one after it: SHA-256 of the line without its line end, hexadecimal.
func LineHash(line []byte) string {
	sum := sha256.Sum256(bytes.TrimSuffix(line, []byte("\n")))
	return hex.EncodeToString(sum[:])
}

// Book is what a book of heads says.
type Book struct {
	Lines int          // whole lines
	Last  time.Time    // when the last good line was signed; zero without one
	Heads []event.Head // of all good lines, each once, for Verify
	Bad   *BadLine     // the first line that does not hold; nil when all hold
}

// BadLine is a line of a book that does not hold.
type BadLine struct {
	Line   int // counts from 1
	Reason string
}

// Error names line and reason.
func (b *BadLine) Error() string { return fmt.Sprintf("line %d %s", b.Line, b.Reason) }

// ReadBook reads a book and checks every line against the keys. Lines after a bad one are read all the same: what they
// remember still counts. A last line without its end was being written when the process died, and is left out. The error is about
// reading.
func ReadBook(r io.Reader, keys ...ed25519.PublicKey) (b Book, err error) {
	known := map[string]ed25519.PublicKey{}
	for _, k := range keys {
		known[KeyID(k)] = k
	}
	type place struct {
		shard    int
		position int64
	}
	seen := map[place]string{}
	prev := ""
	in := bufio.NewReaderSize(r, longestLine)
	for {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return b, nil
		}
		b.Lines++
		if errors.Is(err, bufio.ErrBufferFull) {
			b.fail("is longer than any line of a book")
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = in.ReadSlice('\n')
			}
			if errors.Is(err, io.EOF) {
				return b, nil
			}
			if err != nil {
				return b, err
			}
			prev = ""
			continue
		}
		if err != nil {
			return b, err
		}
		s, reason := readLine(line, known)
		if reason == "" && s.Prev != prev {
			b.fail("does not follow the line before it")
		}
		prev = LineHash(line)
		if reason != "" {
			b.fail(reason)
			continue
		}
		b.Last = time.UnixMilli(s.At).UTC()
		for _, h := range s.Heads {
			at := place{h.Shard, h.Position}
			if had, ok := seen[at]; ok && had == h.Hash || h.Position == 0 {
				continue
			}
			seen[at] = h.Hash
			hash, _ := hex.DecodeString(h.Hash) // readLine has read it once
			b.Heads = append(b.Heads, event.Head{Shard: h.Shard, Position: h.Position, Hash: hash})
		}
	}
}

func (b *Book) fail(reason string) {
	if b.Bad == nil {
		b.Bad = &BadLine{b.Lines, reason}
	}
}

// readLine gives what a line says, or why it does not hold.
func readLine(line []byte, keys map[string]ed25519.PublicKey) (said, string) {
	var l signedLine
	if json.Unmarshal(line, &l) != nil {
		return said{}, "is no line of a book"
	}
	key, ok := keys[l.Key]
	if !ok {
		return said{}, "is signed with a key that is not here"
	}
	signature, err := base64.StdEncoding.DecodeString(l.Signature)
	if err != nil || !ed25519.Verify(key, append([]byte(bookFormat), l.Said...), signature) {
		return said{}, "is not what was signed"
	}
	var s said
	if json.Unmarshal(l.Said, &s) != nil {
		return said{}, "is no line of a book"
	}
	for _, h := range s.Heads {
		if _, err := hex.DecodeString(h.Hash); err != nil || h.Shard < 0 || h.Shard >= event.Shards || h.Position < 0 {
			return said{}, "names a place that cannot be"
		}
	}
	return s, ""
}
