package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"zhijian/ground/format"
)

// period is the life of a code (RFC 6238); one step of drift to either side is forgiven.
const period = 30 * time.Second

// newTOTP gives a secret of 160 bits in base32, as RFC 4226 asks for.
func newTOTP() string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// readTOTP folds a secret as people copy it: any case, with spaces and padding; false when it is none.
func readTOTP(s string) (string, bool) {
	s = strings.TrimRight(strings.ToUpper(strings.Join(strings.Fields(s), "")), "=")
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
	return s, err == nil && len(b) >= 10
}

// step finds the time step that a code belongs to and that comes after last; 0 for none. Every step
// is computed whatever the others say.
func step(secret, code string, now time.Time, last int64) int64 {
	code, err := format.Postcode(code) // six digits, folded alike
	if err != nil {
		code = "------"
	}
	present := now.Unix() / int64(period/time.Second)
	found := int64(0)
	for s := present - 1; s <= present+1; s++ {
		want, err := hotp.GenerateCode(secret, uint64(s))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && s > last {
			found = s
		}
	}
	return found
}
