package door

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"time"

	"zhijian/ground/fault"
)

// A form token is 16 bytes of HMAC over whom the form was made for and the day, under a mask that is new for each
// page. It is bound to the resident, not to the session: proving a higher level in another tab renews the session
// and must not spoil a form that is half filled in. A visitor's is bound to the visitor cookie.
const (
	tokenField  = "_token"
	tokenBytes  = 16
	tokenPeriod = 24 * time.Hour
	tokenLife   = 3 // periods in which a token is good, so that a page left open overnight still works
)

func (d *Door) tokenMAC(bound string, period int64) [tokenBytes]byte {
	m := hmac.New(sha256.New, d.c.Secret)
	m.Write([]byte("form token\x00"))
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(period))
	m.Write(b[:])
	m.Write([]byte(bound))
	var sum [sha256.Size]byte
	m.Sum(sum[:0])
	return [tokenBytes]byte(sum[:tokenBytes])
}

func (d *Door) period() int64 { return d.c.Clock.Now().Unix() / int64(tokenPeriod/time.Second) }

func (d *Door) makeToken(bound string) string {
	mac := d.tokenMAC(bound, d.period())
	var out [2 * tokenBytes]byte
	_, _ = rand.Read(out[:tokenBytes])
	for i, c := range mac {
		out[tokenBytes+i] = out[i] ^ c
	}
	return base64.RawURLEncoding.EncodeToString(out[:])
}

// goodToken compares in constant time.
func (d *Door) goodToken(token, bound string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 2*tokenBytes || bound == "" {
		return false
	}
	for i := range tokenBytes {
		raw[tokenBytes+i] ^= raw[i]
	}
	good, now := false, d.period()
	for back := range int64(tokenLife) {
		mac := d.tokenMAC(bound, now-back)
		good = hmac.Equal(raw[tokenBytes:], mac[:]) || good
	}
	return good
}

// What a token can be bound to.
const boundToNobody = "public"

func boundToResident(id int64) string     { return "resident " + strconv.FormatInt(id, 10) }
func boundToMember(id int64) string       { return "member " + strconv.FormatInt(id, 10) }
func boundToVisitor(cookie string) string { return "visitor " + cookie }

// checkToken refuses a form that did not come from a page of ours made for this very person. A resident may send a
// form they were given as the same browser's visitor, before signing in.
func (d *Door) checkToken(r *Request, token string) error {
	switch {
	case r.Member.ID != 0:
		if d.goodToken(token, boundToMember(r.Member.ID)) {
			return nil
		}
	case r.Resident.ID != 0 && d.goodToken(token, boundToResident(r.Resident.ID)):
		return nil
	case r.Visitor != "" && d.goodToken(token, boundToVisitor(r.Visitor)):
		return nil
	case r.Route.Plain && r.Resident.ID == 0 && d.goodToken(token, boundToNobody):
		return nil
	case r.Route.Plain && r.Header.Get("Sec-Fetch-Site") == "same-origin":
		// The page came out of the cache before its reader signed in; the browser vouches for it.
		return nil
	}
	return fault.Denied("form.stale", "这一页打开得太久，为了安全没有提交。请返回上一页，刷新后再试一次")
}
