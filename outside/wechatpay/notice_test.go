package wechatpay_test

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/outside/wechatpay"
)

const (
	ourMch   = "1900000109"
	ourApp   = "wx8888888888888888"
	ourKey   = "0123456789abcdef0123456789abcdef"
	serialNo = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
)

// notary is a platform key of our own, so that tests sign what the channel never would.
var notary = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// stranger is any other key.
var stranger = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func certificatePEM(tb testing.TB, key *rsa.PrivateKey, serial string, until time.Time) string {
	tb.Helper()
	n, _ := new(big.Int).SetString(serial, 16)
	c := &x509.Certificate{SerialNumber: n, Subject: pkix.Name{CommonName: "test"}, NotBefore: morning.Add(-time.Hour), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// merchant is a client that believes notary's key, and a channel that has nothing to download.
func merchant(tb testing.TB) *wechatpay.Client {
	tb.Helper()
	nothing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		const list, nonce = `{"data":[]}`, "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
		ts := strconv.FormatInt(morning.Unix(), 10)
		sum := sha256.Sum256([]byte(ts + "\n" + nonce + "\n" + list + "\n"))
		sig, err := rsa.SignPKCS1v15(nil, notary(), crypto.SHA256, sum[:])
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Wechatpay-Timestamp", ts)
		w.Header().Set("Wechatpay-Nonce", nonce)
		w.Header().Set("Wechatpay-Serial", serialNo)
		w.Header().Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(sig))
		_, _ = w.Write([]byte(list))
	}))
	tb.Cleanup(nothing.Close)
	der, err := x509.MarshalPKCS8PrivateKey(stranger())
	if err != nil {
		tb.Fatal(err)
	}
	c, err := wechatpay.New(wechatpay.Config{
		BaseURL: nothing.URL, MchID: ourMch, AppID: ourApp, Serial: "1DDE", PrivateKey: seal.Plain(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))),
		APIv3Key: seal.Plain(ourKey), NotifyURL: "http://127.0.0.1/notify", SiteName: "指尖", Clock: clock.At(morning),
		Pinned: []string{
			certificatePEM(tb, notary(), serialNo, morning.AddDate(1, 0, 0)),
			certificatePEM(tb, stranger(), "4A11", morning.Add(-time.Minute)),
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// forgery is a notice with everything open to change; as newForgery makes it, it is right.
type forgery struct {
	key                        *rsa.PrivateKey
	apiKey, serial, nonce      string
	at                         time.Time
	event, resource, algorithm string
	aad, original              string
	content                    map[string]any
	headers                    func(http.Header)
	envelope                   func(map[string]any)
	after                      func([]byte) []byte // changes the body after signing
}

func newForgery() *forgery {
	return &forgery{
		key: notary(), apiKey: ourKey, serial: serialNo, nonce: "5K8264ILTKCH16CQ2502SI8ZNMTM67VS", at: morning,
		event: "TRANSACTION.SUCCESS", resource: "encrypt-resource", algorithm: "AEAD_AES_256_GCM", aad: "transaction", original: "transaction",
		content: map[string]any{
			"appid": ourApp, "mchid": ourMch, "out_trade_no": "ORDER1234567", "transaction_id": "1217752501201407033233368018",
			"trade_state": "SUCCESS", "success_time": "2026-11-23T10:00:00+08:00", "amount": map[string]any{"total": 15000, "payer_total": 15000, "currency": "CNY"},
		},
	}
}

func refundForgery() *forgery {
	f := newForgery()
	f.event, f.aad, f.original = "REFUND.SUCCESS", "refund", "refund"
	f.content = map[string]any{
		"mchid": ourMch, "out_trade_no": "ORDER1234567", "transaction_id": "1217752501201407033233368018", "out_refund_no": "R1",
		"refund_id": "503", "refund_status": "SUCCESS", "success_time": "2026-11-23T10:00:00+08:00", "amount": map[string]any{"total": 15000, "refund": 15000},
	}
	return f
}

func (f *forgery) made(tb testing.TB) (http.Header, []byte) {
	tb.Helper()
	plain, err := json.Marshal(f.content)
	if err != nil {
		tb.Fatal(err)
	}
	text := sealedUnder(tb, f.apiKey, plain, f.aad)
	e := map[string]any{
		"id": "EV-1", "create_time": "2026-11-23T10:00:00+08:00", "event_type": f.event, "resource_type": f.resource, "summary": "x",
		"resource": map[string]any{"algorithm": f.algorithm, "ciphertext": text, "nonce": sealNonce, "associated_data": f.aad, "original_type": f.original},
	}
	if f.envelope != nil {
		f.envelope(e)
	}
	body, err := json.Marshal(e)
	if err != nil {
		tb.Fatal(err)
	}
	ts := strconv.FormatInt(f.at.Unix(), 10)
	sum := sha256.Sum256([]byte(ts + "\n" + f.nonce + "\n" + string(body) + "\n"))
	sig, err := rsa.SignPKCS1v15(nil, f.key, crypto.SHA256, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	h := http.Header{}
	h.Set("Wechatpay-Timestamp", ts)
	h.Set("Wechatpay-Nonce", f.nonce)
	h.Set("Wechatpay-Serial", f.serial)
	h.Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(sig))
	if f.headers != nil {
		f.headers(h)
	}
	if f.after != nil {
		body = f.after(body)
	}
	return h, body
}

// TestForgedNotices has one case for every check: taking any of them away turns a case red.
func TestForgedNotices(t *testing.T) {
	t.Parallel()
	header := func(name, value string) func(*forgery) {
		return func(f *forgery) { f.headers = func(h http.Header) { h.Set(name, value) } }
	}
	without := func(name string) func(*forgery) {
		return func(f *forgery) { f.headers = func(h http.Header) { h.Del(name) } }
	}
	for _, c := range []struct {
		name string
		edit func(*forgery)
	}{
		// Headers.
		{"no timestamp", without("Wechatpay-Timestamp")},
		{"no nonce", without("Wechatpay-Nonce")},
		{"no serial", without("Wechatpay-Serial")},
		{"no signature", without("Wechatpay-Signature")},
		{"timestamp is no number", header("Wechatpay-Timestamp", "12x")},
		{"timestamp with a sign", header("Wechatpay-Timestamp", "+1763863200")},
		{"two nonces", func(f *forgery) { f.headers = func(h http.Header) { h.Add("Wechatpay-Nonce", "another") } }},
		{"a nonce that is too short", func(f *forgery) { f.nonce = "5K826" }},
		{"a nonce that is too long", func(f *forgery) { f.nonce = strings.Repeat("5", 33) }},
		{"a nonce with other characters", func(f *forgery) { f.nonce = "5K8264-ILTKCH16" }},
		{"timestamp of nine digits", header("Wechatpay-Timestamp", "999999999")},
		{"timestamp of eleven digits", header("Wechatpay-Timestamp", "01795399200")},
		{"signature is no base64", header("Wechatpay-Signature", "%%%%")},
		{"signature of nothing", header("Wechatpay-Signature", base64.StdEncoding.EncodeToString(make([]byte, 256)))},
		{"serial unknown", header("Wechatpay-Serial", "5157F09EFDC096DE15EBE81A47057A7232F1B8E2")},
		{"serial in lower case", header("Wechatpay-Serial", strings.ToLower(serialNo))},
		{"another kind of signature", header("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3")},
		{"probe", header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+base64.StdEncoding.EncodeToString(make([]byte, 240)))},
		// Signatures that are right for something else.
		{"signed by the merchant's own key", func(f *forgery) { f.key = stranger() }},
		{"signed under a certificate past its time", func(f *forgery) { f.key, f.serial = stranger(), "4A11" }},
		{"signed 301 s ago", func(f *forgery) { f.at = morning.Add(-301 * time.Second) }},
		{"signed 301 s ahead", func(f *forgery) { f.at = morning.Add(301 * time.Second) }},
		{"body changed after signing", func(f *forgery) { f.after = func(b []byte) []byte { return append(b, ' ') } }},
		{"too large", func(f *forgery) {
			f.envelope = func(e map[string]any) { e["summary"] = strings.Repeat("x", 64<<10) }
		}},
		// Envelopes.
		{"no id", func(f *forgery) { f.envelope = func(e map[string]any) { delete(e, "id") } }},
		{"not sealed", func(f *forgery) { f.resource = "plain" }},
		{"another cipher", func(f *forgery) { f.algorithm = "AEAD_SM4_GCM" }},
		{"sealed under another key", func(f *forgery) { f.apiKey = "ffffffffffffffffffffffffffffffff" }},
		{"associated data changed", func(f *forgery) {
			f.envelope = func(e map[string]any) { e["resource"].(map[string]any)["associated_data"] = "refund" }
		}},
		{"sealed as a refund", func(f *forgery) { f.aad = "refund" }},
		{"said to be a refund", func(f *forgery) { f.original = "refund" }},
		{"an event we do not know", func(f *forgery) { f.event = "COUPON.USE" }},
		// Content.
		{"another merchant", func(f *forgery) { f.content["mchid"] = "1900000110" }},
		{"another app", func(f *forgery) { f.content["appid"] = "wx0000000000000000" }},
		{"not paid", func(f *forgery) { f.content["trade_state"] = "NOTPAY" }},
		{"no order number", func(f *forgery) { f.content["out_trade_no"] = "" }},
		{"no transaction", func(f *forgery) { f.content["transaction_id"] = "" }},
		{"no time of payment", func(f *forgery) { f.content["success_time"] = "yesterday" }},
		{"amount is text", func(f *forgery) { f.content["amount"] = map[string]any{"total": "15000"} }},
		{"a number in two cases", func(f *forgery) { f.content["OUT_TRADE_NO"] = "ORDER7654321" }},
		{"a payment dressed as a refund", func(f *forgery) { f.event, f.aad, f.original = "REFUND.SUCCESS", "refund", "refund" }},
		{"a refund dressed as a payment", func(f *forgery) { f.content = refundForgery().content }},
		{"a refund of another merchant", func(f *forgery) { *f = *refundForgery(); f.content["mchid"] = "1" }},
		{"a refund whose state is not its event", func(f *forgery) { *f = *refundForgery(); f.content["refund_status"] = "ABNORMAL" }},
		{"a refund event we do not know", func(f *forgery) { *f = *refundForgery(); f.event = "REFUND.MAYBE" }},
		{"a refund without its number", func(f *forgery) { *f = *refundForgery(); f.content["out_refund_no"] = "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := merchant(t)
			for _, right := range []*forgery{newForgery(), refundForgery()} {
				h, body := right.made(t)
				if _, err := client.Open(t.Context(), h, body); err != nil {
					t.Fatalf("the unchanged notice is refused: %v", err)
				}
			}
			_, before := client.Counts()
			f := newForgery()
			c.edit(f)
			h, body := f.made(t)
			n, err := client.Open(t.Context(), h, body)
			if !fault.Is(err, fault.KindDenied) || n.No != "" || n.Outcome != "" {
				t.Errorf("taken: %+v %v", n, err)
			}
			probes, refused := client.Counts()
			if wasProbe := c.name == "probe"; wasProbe != (probes == 1) || wasProbe != (refused == before) {
				t.Errorf("counted as %d probes, %d refused", probes, refused-before)
			}
		})
	}
}

func TestNoticeAtTheEdgeOfTime(t *testing.T) {
	t.Parallel()
	client := merchant(t)
	for _, off := range []time.Duration{-300 * time.Second, 300 * time.Second} {
		f := newForgery()
		f.at = morning.Add(off)
		h, body := f.made(t)
		if _, err := client.Open(t.Context(), h, body); err != nil {
			t.Errorf("%v: %v", off, err)
		}
	}
}

// FuzzNotice gives nonsense, bare and sealed, to what is behind the signature.
func FuzzNotice(f *testing.F) {
	for _, right := range []*forgery{newForgery(), refundForgery()} {
		plain, err := json.Marshal(right.content)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(right.event, right.aad, plain, []byte(nil))
	}
	f.Add("REFUND.CLOSED", "refund", []byte(`{"mchid":"1","mchid":"2"}`), []byte(`{"id":"a","id":"b"}`))
	f.Add("", "", []byte("\xff"), []byte(`[[[[`))
	f.Fuzz(func(t *testing.T, event, aad string, plain, bare []byte) {
		whole := map[string]any{"id": "EV-1", "event_type": event, "resource_type": "encrypt-resource", "resource": map[string]any{
			"algorithm": "AEAD_AES_256_GCM", "ciphertext": sealedUnder(t, ourKey, plain, aad), "nonce": sealNonce, "associated_data": aad, "original_type": aad,
		}}
		body, err := json.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{body, bare} {
			n, err := wechatpay.Unwrapped(ourKey, ourMch, ourApp, b)
			if (err == nil) != (n.ID != "" && n.No != "" && n.Outcome != "") {
				t.Errorf("%+v with error %v", n, err)
			}
		}
	})
}

const sealNonce = "0123456789ab"

func sealedUnder(tb testing.TB, key string, plain []byte, aad string) string {
	tb.Helper()
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		tb.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		tb.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(gcm.Seal(nil, []byte(sealNonce), plain, []byte(aad)))
}
