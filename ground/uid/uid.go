// Package uid makes identifiers: ordered numbers for rows and random numbers for people to see.
//
// Both are made in Go, never by a database, so that one SQL text serves two
// dialects and a row's id is known before it is saved. Safe for concurrent use.
package uid

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// Maker makes row ids that rise with time: 42 bits of milliseconds since 2020 and
// 21 bits that start at random in each millisecond and count up. Two processes
// that make ids in the same millisecond collide with a chance of about one in two million;
// the primary key then refuses and the caller's change fails whole.
type Maker struct {
	Clock clock.Clock

	mu   sync.Mutex
	last int64
}

const epoch = 1577836800000 // 2020-01-01T00:00:00Z in Unix milliseconds

// ID gives a new positive id, larger than every id this Maker gave before.
func (m *Maker) ID() int64 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	low := int64(binary.BigEndian.Uint32(b[:]) & (1<<20 - 1))
	id := (clock.Millis(m.Clock.Now())-epoch)<<21 | low
	m.mu.Lock()
	defer m.mu.Unlock()
	if id <= m.last {
		id = m.last + 1
	}
	m.last = id
	return id
}

// From gives the least id that a Maker could make at a moment.
func From(t time.Time) int64 { return (clock.Millis(t) - epoch) << 21 }

// crockford is base 32 without I, L, O and U (Crockford, 2019), so that a number can be read aloud.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// No makes a public number: 80 random bits as 16 Crockford characters and one check
// character. It says nothing about order or count.
func No() string {
	var b [10]byte
	_, _ = rand.Read(b[:])
	return encode(b)
}

func encode(b [10]byte) string {
	out := make([]byte, 0, 17)
	var acc, bits uint
	for _, c := range b {
		acc = acc<<8 | uint(c)
		for bits += 8; bits >= 5; {
			bits -= 5
			out = append(out, crockford[acc>>bits&31])
		}
		acc &= 1<<bits - 1
	}
	return string(append(out, check(out)))
}

// check is the Luhn algorithm in base 32: it finds every single wrong character and every
// swap of neighbours but that of 0 and Z.
func check(chars []byte) byte {
	sum, double := 0, true
	for i := len(chars) - 1; i >= 0; i-- {
		n := strings.IndexByte(crockford, chars[i])
		if double {
			n *= 2
			n = n/32 + n%32
		}
		double = !double
		sum += n
	}
	return crockford[(32-sum%32)%32]
}

// ParseNo reads a public number as people type it: any case, with spaces or
// hyphens, O for 0, I or L for 1. A wrong one is fault.Invalid "no".
func ParseNo(s string) (string, error) {
	s = strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(s)))
	if len(s) != 17 {
		return "", badNo()
	}
	for i := range len(s) {
		if strings.IndexByte(crockford, s[i]) < 0 {
			return "", badNo()
		}
	}
	if check([]byte(s[:16])) != s[16] {
		return "", badNo()
	}
	return s, nil
}

func badNo() error {
	return fault.Invalid("no", "编号不对，请照回执上的编号再填一次")
}

// Spoken groups a public number by four for reading aloud: "7K2Q 9D0M …".
func Spoken(no string) string {
	var b strings.Builder
	for i := range len(no) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(no[i])
	}
	return b.String()
}

// Secret gives n random bytes as lower-case Crockford text, for tokens and session ids.
func Secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	var out strings.Builder
	for _, c := range b {
		out.WriteByte(crockford[c&31] | 0x20)
		out.WriteByte(crockford[c>>5] | 0x20)
	}
	return out.String()
}

// Code gives six random digits, for what a person reads at one place and types at another.
func Code() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // the reader never fails
	return fmt.Sprintf("%06d", n)
}
