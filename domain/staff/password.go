package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"zhijian/ground/fault"
)

// Cost is what one password check costs, by Argon2id (RFC 9106).
type Cost struct {
	Memory uint32 // KiB; default 64 MiB, at least 19 MiB
	Passes uint32 // default 3; at least 2 when Memory is below 46 MiB (OWASP's floor)
	Lanes  uint8  // default 1
}

func (c Cost) withDefaults() (Cost, error) {
	if c == (Cost{}) {
		return Cost{Memory: 64 << 10, Passes: 3, Lanes: 1}, nil
	}
	if c.Memory < 19<<10 || c.Lanes < 1 || c.Passes < 1 || (c.Memory < 46<<10 && c.Passes < 2) {
		return c, errors.New("staff: the password cost is below 19 MiB and 2 passes")
	}
	return c, nil
}

const (
	saltBytes = 16
	hashBytes = 32
)

// hashPassword gives a password in PHC form with a fresh salt.
func hashPassword(c Cost, password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	return phc(c, salt, derive(c, salt, password))
}

func derive(c Cost, salt []byte, password string) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.Passes, c.Memory, c.Lanes, hashBytes)
}

func phc(c Cost, salt, hash []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Lanes,
		b64.EncodeToString(salt), b64.EncodeToString(hash))
}

// checkPassword reports whether a password is the one of a PHC form. A form that does not read is as wrong as
// a wrong password.
func checkPassword(form, password string) bool {
	c, salt, hash, ok := parsePHC(form)
	if !ok {
		return false
	}
	return subtle.ConstantTimeCompare(derive(c, salt, password), hash) == 1
}

func parsePHC(form string) (c Cost, salt, hash []byte, ok bool) {
	parts := strings.Split(form, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Lanes); n != 3 || err != nil {
		return c, nil, nil, false
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	hash, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	ok = err1 == nil && err2 == nil && len(salt) >= 8 && len(hash) == hashBytes &&
		c.Memory >= 8 && c.Memory <= 1<<20 && c.Passes >= 1 && c.Passes <= 16 && c.Lanes >= 1
	return c, salt, hash, ok
}

// guesses is the least strength of a password by zxcvbn: 10^8 guesses and more. Its lists hold the passwords that are most
// common in breaches, names and words; it sees through repetition, rows of keys and numbers, dates and look-alikes.
const guesses = 3

// strong refuses a password that is short, common or easily guessed (ASVS 6.2; no rules of composition).
func strong(password, user string) *fault.Error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < 15:
		return fault.Invalid("staff.password.short", "密码至少 15 个字符，可以是一句话").On("password")
	case n > 128:
		return fault.Invalid("staff.password.long", "密码最多 128 个字符").On("password")
	case user != "" && strings.Contains(strings.ToLower(password), user) && n < 15+len(user),
		zxcvbn.PasswordStrength(norm.NFKC.String(password), []string{user, "zhijian", "指尖"}).Score < guesses:
		return fault.Invalid("staff.password.weak", "密码太容易猜到，请换一句，不要含用户名或重复的字").On("password")
	}
	return nil
}
