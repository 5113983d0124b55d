package paychannel

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// apiHandler answers an authenticated request; a nil value is 204.
type apiHandler func(r *http.Request, body []byte) (any, error)

// apiError is a refusal in the channel's own form (wechat-contract 13.3).
type apiError struct {
	status        int
	code, message string
	field         string
}

func (e *apiError) Error() string { return e.code }

func refuse(status int, code, message string) *apiError {
	return &apiError{status: status, code: code, message: message}
}

func badParam(field, message string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: "PARAM_ERROR", message: message, field: field}
}

const (
	scheme     = "WECHATPAY2-SHA256-RSA2048"
	signWindow = 5 * time.Minute
	nonceKept  = 10 * time.Minute
	bodyLimit  = 64 << 10
)

// authenticated checks the merchant's signature, calls h, and signs the answer.
func (c *Channel) authenticated(h apiHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
		if err != nil {
			c.fail(w, r, badParam("body", "请求体过大"))
			return
		}
		if e := c.check(r, body); e != nil {
			c.fail(w, r, e)
			return
		}
		v, err := h(r, body)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		if v == nil {
			c.sign(w, r, nil)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		c.write(w, r, http.StatusOK, v)
	}
}

func (c *Channel) fail(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := err.(*apiError)
	if !ok {
		e = refuse(http.StatusInternalServerError, "SYSTEM_ERROR", "系统异常，请稍后重试")
	}
	out := map[string]any{"code": e.code, "message": e.message}
	if e.field != "" {
		out["detail"] = map[string]any{"field": "/" + e.field, "issue": e.message, "location": "body"}
	}
	c.write(w, r, e.status, out)
}

func (c *Channel) write(w http.ResponseWriter, r *http.Request, status int, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		status = http.StatusInternalServerError
		b.Reset()
		b.WriteString(`{"code":"SYSTEM_ERROR","message":"系统异常"}`)
	}
	body := bytes.TrimRight(b.Bytes(), "\n")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.sign(w, r, body)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// sign puts the channel's signature on an answer, with the key that the client says it holds.
func (c *Channel) sign(w http.ResponseWriter, r *http.Request, body []byte) {
	c.seal(w.Header(), c.keys.signer(r.Header.Get("Wechatpay-Serial")), body)
	w.Header().Set("Request-ID", rand.Text())
}

func (c *Channel) seal(h http.Header, p *pair, body []byte) {
	ts := strconv.FormatInt(c.cfg.Clock.Now().Unix(), 10)
	nonce := rand.Text()
	h.Set("Wechatpay-Timestamp", ts)
	h.Set("Wechatpay-Nonce", nonce)
	h.Set("Wechatpay-Serial", p.serial)
	h.Set("Wechatpay-Signature-Type", scheme)
	h.Set("Wechatpay-Signature", signature(p.key, ts+"\n"+nonce+"\n"+string(body)+"\n"))
}

func signature(key *rsa.PrivateKey, message string) string {
	sum := sha256.Sum256([]byte(message))
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // a 2048-bit key signs every SHA-256
	}
	return base64.StdEncoding.EncodeToString(sig)
}

func verified(key *rsa.PublicKey, message, sig string) bool {
	raw, err := base64.StdEncoding.DecodeString(sig)
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(message))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw) == nil
}

// check proves that the merchant sent this request, once, just now.
func (c *Channel) check(r *http.Request, body []byte) *apiError {
	bad := func(why string) *apiError { return refuse(http.StatusUnauthorized, "SIGN_ERROR", why) }
	p, ok := authorization(r.Header.Get("Authorization"))
	c.keys.made.Wait()
	switch {
	case !ok:
		return bad("Authorization 头缺失或无法识别")
	case r.Header.Get("User-Agent") == "":
		return badParam("User-Agent", "缺少 User-Agent")
	case p["mchid"] != mchID:
		return bad("商户号不存在")
	case !strings.EqualFold(p["serial_no"], c.keys.merchant.serial):
		return bad("商户证书序列号不存在")
	}
	now := c.cfg.Clock.Now()
	unix, err := strconv.ParseInt(p["timestamp"], 10, 64)
	if off := now.Sub(time.Unix(unix, 0)); err != nil || off > signWindow || off < -signWindow {
		return bad("时间戳与服务器相差超过 5 分钟")
	}
	message := r.Method + "\n" + r.URL.RequestURI() + "\n" + p["timestamp"] + "\n" + p["nonce_str"] + "\n" + string(body) + "\n"
	if !verified(&c.keys.merchant.key.PublicKey, message, p["signature"]) {
		return bad("签名错误")
	}
	if !c.fresh(p["nonce_str"], now) {
		return bad("随机串重复")
	}
	return nil
}

// fresh remembers a nonce and reports whether it is new.
func (c *Channel) fresh(nonce string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.nonces) > 10_000 {
		for n, at := range c.nonces {
			if now.Sub(at) > nonceKept {
				delete(c.nonces, n)
			}
		}
	}
	if at, ok := c.nonces[nonce]; ok && now.Sub(at) <= nonceKept {
		return false
	}
	c.nonces[nonce] = now
	return true
}

// authorization reads the five parameters, in any order, each exactly once.
func authorization(h string) (map[string]string, bool) {
	name, rest, ok := strings.Cut(h, " ")
	if !ok || name != scheme {
		return nil, false
	}
	out := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		k, v, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' || out[k] != "" {
			return nil, false
		}
		out[k] = v[1 : len(v)-1]
	}
	for _, k := range []string{"mchid", "nonce_str", "timestamp", "serial_no", "signature"} {
		if out[k] == "" {
			return nil, false
		}
	}
	return out, len(out) == 5
}

// encrypt seals a resource under the APIv3 key: base64 of ciphertext and tag, and the nonce.
func (c *Channel) encrypt(plain []byte, associated string) (ciphertext, nonce string) {
	block, err := aes.NewCipher([]byte(c.keys.apiv3))
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES blocks have 16 bytes
	}
	nonce = rand.Text()[:12]
	return base64.StdEncoding.EncodeToString(gcm.Seal(nil, []byte(nonce), plain, []byte(associated))), nonce
}
