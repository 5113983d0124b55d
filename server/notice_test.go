package server_test

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"zhijian/sandbox/paychannel"
	"zhijian/testkit/house"
)

// forger can write notices as the payment channel does: it has read the imitation channel's keys.
type forger struct {
	t      *testing.T
	h      *house.House
	key    *rsa.PrivateKey
	serial string
	seal   []byte
}

func newForger(t *testing.T, h *house.House) forger {
	t.Helper()
	dir := filepath.Join(h.Data, "sandbox")
	text, err := os.ReadFile(filepath.Join(dir, "platform.pem"))
	if err != nil {
		t.Fatal(err)
	}
	first, rest := pem.Decode(text)
	second, _ := pem.Decode(rest)
	key, err := x509.ParsePKCS8PrivateKey(first.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(second.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	seal, err := os.ReadFile(filepath.Join(dir, "apiv3.key"))
	if err != nil {
		t.Fatal(err)
	}
	return forger{t, h, key.(*rsa.PrivateKey), strings.ToUpper(cert.SerialNumber.Text(16)), seal}
}

// notice writes a notice of a payment, sealed; change may spoil what it says.
func (f forger) notice(no string, total int64, change func(map[string]any)) []byte {
	f.t.Helper()
	v := map[string]any{
		"appid": f.h.World.Merchant().AppID, "mchid": f.h.World.Merchant().MchID, "out_trade_no": no, "transaction_id": "42000000000000000000000001",
		"trade_type": "MWEB", "trade_state": "SUCCESS", "success_time": f.h.Clock.Now().Format(time.RFC3339),
		"amount": map[string]any{"total": total, "payer_total": total, "currency": "CNY", "payer_currency": "CNY"},
	}
	if change != nil {
		change(v)
	}
	plain, err := json.Marshal(v)
	if err != nil {
		f.t.Fatal(err)
	}
	block, err := aes.NewCipher(f.seal)
	if err != nil {
		f.t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		f.t.Fatal(err)
	}
	nonce := rand.Text()[:12]
	body, err := json.Marshal(map[string]any{
		"id": "EV-" + rand.Text(), "create_time": f.h.Clock.Now().Format(time.RFC3339), "event_type": "TRANSACTION.SUCCESS",
		"resource_type": "encrypt-resource", "summary": "支付成功",
		"resource": map[string]any{
			"algorithm": "AEAD_AES_256_GCM", "ciphertext": base64.StdEncoding.EncodeToString(gcm.Seal(nil, []byte(nonce), plain, []byte("transaction"))),
			"nonce": nonce, "associated_data": "transaction", "original_type": "transaction",
		},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return body
}

// signed gives the headers of a notice sent at a time.
func (f forger) signed(body []byte, at time.Time) map[string]string {
	f.t.Helper()
	stamp, nonce := strconv.FormatInt(at.Unix(), 10), rand.Text()
	sum := sha256.Sum256([]byte(stamp + "\n" + nonce + "\n" + string(body) + "\n"))
	sig, err := rsa.SignPKCS1v15(rand.Reader, f.key, crypto.SHA256, sum[:])
	if err != nil {
		f.t.Fatal(err)
	}
	return map[string]string{
		"Wechatpay-Timestamp": stamp, "Wechatpay-Nonce": nonce, "Wechatpay-Serial": f.serial,
		"Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048", "Wechatpay-Signature": base64.StdEncoding.EncodeToString(sig),
	}
}

func (f forger) post(body []byte, head map[string]string) int {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, f.h.Ready.BaseURL+"/notify/pay", strings.NewReader(string(body)))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range head {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// TestNotices sends the house every notice that is not one: only the channel's own word about the right amount pays.
// TestReplayAfterRestart plays a notice again to the house that took it and to the one that rose from its data: neither moves.
func TestReplayAfterRestart(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		p := resident(t, h, who)
		no := p.toCashier(who.Plates[0])
		p.pay()
		p.until("/cases/"+no, "已办结")
		order := h.World.Channel().Orders()[0]
		f := newForger(t, h)
		body := f.notice(order.No, order.Total, func(v map[string]any) { v["transaction_id"] = order.Transaction })
		head := f.signed(body, h.Clock.Now())
		for range 2 {
			if status := f.post(body, head); status >= 300 {
				t.Errorf("a notice once more: %d", status)
			}
		}
		h.Restart(t)
		f.h = h
		if status := f.post(body, head); status >= 300 {
			t.Errorf("a notice once more, after the restart: %d", status)
		}
		if c := h.Count(t); len(c.Paid) != 1 || c.Captured != order.Total || c.Returned != 0 || c.Orders["paid"] != 1 {
			t.Errorf("the books: %+v captured %d, returned %d", c.Paid, c.Captured, c.Returned)
		}
	})
}

func TestNotices(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		who := h.Resident(t, "L4", 0)
		p := resident(t, h, who)
		no := p.toCashier(who.Plates[0])
		order := orderOf(t, h)
		total := h.World.Channel().Orders()[0].Total
		f := newForger(t, h)
		now := h.Clock.Now()
		good := f.notice(order, total, nil)

		without := func(name string) map[string]string {
			head := f.signed(good, now)
			delete(head, name)
			return head
		}
		with := func(name, value string) map[string]string {
			head := f.signed(good, now)
			head[name] = value
			return head
		}
		type attempt struct {
			body []byte
			head map[string]string
		}
		refused := map[string]attempt{
			"nothing":                   {nil, nil},
			"no JSON":                   {[]byte("pay"), f.signed([]byte("pay"), now)},
			"an empty object":           {[]byte("{}"), f.signed([]byte("{}"), now)},
			"no signature":              {good, without("Wechatpay-Signature")},
			"no serial":                 {good, without("Wechatpay-Serial")},
			"no time":                   {good, without("Wechatpay-Timestamp")},
			"another certificate":       {good, with("Wechatpay-Serial", strings.Repeat("AB", 20))},
			"a probe":                   {good, with("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+base64.StdEncoding.EncodeToString(make([]byte, 240)))},
			"another text's signature":  {good, f.signed(append([]byte(" "), good...), now)},
			"ten minutes old":           {good, f.signed(good, now.Add(-10*time.Minute))},
			"from the future":           {good, f.signed(good, now.Add(10*time.Minute))},
			"another merchant":          attemptOf(f.notice(order, total, func(v map[string]any) { v["mchid"] = "1900000001" }), f, now),
			"another app":               attemptOf(f.notice(order, total, func(v map[string]any) { v["appid"] = "wx0000000000000000" }), f, now),
			"paid without a number":     attemptOf(f.notice(order, total, func(v map[string]any) { v["transaction_id"] = "" }), f, now),
			"a state that is none":      attemptOf(f.notice(order, total, func(v map[string]any) { v["trade_state"] = "DONE" }), f, now),
			"a body longer than it may": {[]byte(strings.Repeat(" ", 70<<10) + string(good)), f.signed(good, now)},
		}
		for name, a := range refused {
			if status := f.post(a.body, a.head); status < 400 || status >= 500 {
				t.Errorf("%s: %d, want it refused", name, status)
			}
		}
		for name, change := range map[string]func(map[string]any){
			"a fen too little": func(v map[string]any) { v["amount"] = map[string]any{"total": total - 1, "currency": "CNY"} },
			"a fen too much":   func(v map[string]any) { v["amount"] = map[string]any{"total": total + 1, "currency": "CNY"} },
			"nothing at all":   func(v map[string]any) { v["amount"] = map[string]any{"total": 0, "currency": "CNY"} },
			"dollars":          func(v map[string]any) { v["amount"] = map[string]any{"total": total, "currency": "USD"} },
		} {
			body := f.notice(order, total, change)
			f.post(body, f.signed(body, now))
			p.open("/cases/" + no)
			if strings.Contains(p.Page.Text, "已付") && !strings.Contains(p.Page.Text, "已经付过了") {
				t.Errorf("%s counts as paid: %s", name, p.Page.Text)
			}
		}
		body := f.notice("0000000000000000", total, nil)
		if status := f.post(body, f.signed(body, now)); status < 400 {
			t.Errorf("an order that never was: %d, want it refused", status)
		}
		if s := h.Log.String(); strings.Contains(s, "level=ERROR") {
			t.Error("a bad notice is an error of ours in the log")
		}

		// The channel itself, at its worst: probes, copies and a first notice that gets lost on the way.
		h.World.Channel().Switch(paychannel.Switches{Duplicates: 4, Signtest: true})
		p.open("/cases/" + no)
		p.submit(nil)
		p.atCashier()
		p.pay()
		p.until("/cases/"+no, "已办结")
		h.Until(t, "all copies", func() bool {
			s := h.World.Channel().Sums()
			return s.Waiting == 0 && s.Sent >= 5
		})
		s := h.World.Channel().Sums()
		if s.ProbesAccepted != 0 || s.Probes == 0 || s.Paid != 1 || s.Refunded != 0 {
			t.Errorf("the channel counts %+v: no probe may be taken, and one payment made", s)
		}
	})
}

func attemptOf(body []byte, f forger, at time.Time) struct {
	body []byte
	head map[string]string
} {
	return struct {
		body []byte
		head map[string]string
	}{body, f.signed(body, at)}
}
