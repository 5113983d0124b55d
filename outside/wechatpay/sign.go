package wechatpay

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/fault"
	"zhijian/outside/guard"
	"zhijian/outside/strict"
)

const (
	scheme = "WECHATPAY2-SHA256-RSA2048"
	// signWindow is how far a signature's time may be from ours (wechat-contract 13.2).
	signWindow = 300 * time.Second
	probeMark  = "WECHATPAY/SIGNTEST/"
)

// refusal is the channel's "no": status, code and message (wechat-contract 13.3).
type refusal struct {
	status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (r *refusal) Error() string { return fmt.Sprintf("channel: %d %s", r.status, r.Code) }

// call signs a request, sends it, verifies the answer and reads it into out (nil for none).
// The error is a *refusal, or fault.Unavailable when the outcome is not known.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("request does not become JSON: %w", err)
		}
	}
	answer, err := c.send(ctx, method, path, body, 0)
	if err != nil {
		return unknown(err)
	}
	if err := c.believe(ctx, answer); err != nil {
		return unknown(err)
	}
	if answer.Status >= 300 {
		return refusedBy(answer)
	}
	if out == nil {
		return nil
	}
	if err := strict.Into(answer.Body, out); err != nil {
		return unknown(err)
	}
	return nil
}

// send signs and sends; the answer is not verified yet. maxBody 0 is the policy's.
func (c *Client) send(ctx context.Context, method, path string, body []byte, maxBody int64) (guard.Response, error) {
	ts := strconv.FormatInt(c.cfg.Clock.Now().Unix(), 10)
	nonce := rand.Text()
	sig, err := c.sign(method + "\n" + path + "\n" + ts + "\n" + nonce + "\n" + string(body) + "\n")
	if err != nil {
		return guard.Response{}, err
	}
	h := http.Header{
		"Accept": {"application/json"}, "User-Agent": {"zhijian"},
		"Authorization": {fmt.Sprintf(`%s mchid="%s",nonce_str="%s",timestamp="%s",serial_no="%s",signature="%s"`, scheme, c.cfg.MchID, nonce, ts, c.cfg.Serial, sig)},
	}
	if body != nil {
		h.Set("Content-Type", "application/json")
	}
	if s := c.platform.newest(); s != "" {
		h.Set("Wechatpay-Serial", s)
	}
	return c.http.Do(ctx, guard.Request{Method: method, URL: c.cfg.BaseURL + path, Header: h, Body: body, MaxBody: maxBody})
}

func (c *Client) sign(message string) (string, error) {
	sum := sha256.Sum256([]byte(message))
	sig, err := rsa.SignPKCS1v15(nil, c.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sig), nil
}

// believe verifies an answer's signature. The real channel leaves some errors unsigned: those
// pass without one, but a signature that is there must be right.
func (c *Client) believe(ctx context.Context, answer guard.Response) error {
	if answer.Status >= 300 && answer.Header.Get("Wechatpay-Signature") == "" {
		return nil
	}
	return c.verify(ctx, answer.Header, answer.Body)
}

// stamp is the part of a message that its signature covers besides the body.
type stamp struct{ timestamp, nonce, serial, signature string }

var (
	errHeader    = errors.New("signature headers are missing, double or garbled")
	errTime      = errors.New("signed too long ago or in the future")
	errSerial    = errors.New("no platform certificate with that serial")
	errSignature = errors.New("signature does not fit")
	errProbe     = errors.New("a probe")
)

var (
	timestampForm = regexp.MustCompile(`^[0-9]{10}$`)
	nonceForm     = regexp.MustCompile(`^[0-9A-Za-z]{6,32}$`)
)

// stampOf reads the signature headers, each exactly once.
func stampOf(h http.Header) (stamp, error) {
	var s stamp
	for name, to := range map[string]*string{
		"Wechatpay-Timestamp": &s.timestamp, "Wechatpay-Nonce": &s.nonce, "Wechatpay-Serial": &s.serial, "Wechatpay-Signature": &s.signature,
	} {
		values := h[name]
		if len(values) != 1 || values[0] == "" || len(values[0]) > 1024 || strings.ContainsAny(values[0], " \t\r\n") {
			return s, errHeader
		}
		*to = values[0]
	}
	if kind := h["Wechatpay-Signature-Type"]; len(kind) > 1 || (len(kind) == 1 && kind[0] != scheme) {
		return s, errHeader
	}
	// The parts are joined by line ends, and their shapes are strict all the same (security.md T02, T03).
	if !timestampForm.MatchString(s.timestamp) || !nonceForm.MatchString(s.nonce) || len(s.serial) > 64 {
		return s, errHeader
	}
	return s, nil
}

// verify proves that the platform signed body just now.
func (c *Client) verify(ctx context.Context, h http.Header, body []byte) error {
	s, err := stampOf(h)
	if err != nil {
		return err
	}
	if strings.HasPrefix(s.signature, probeMark) {
		return errProbe
	}
	unix, err := strconv.ParseInt(s.timestamp, 10, 64)
	if err != nil {
		return errHeader
	}
	if off := c.cfg.Clock.Now().Sub(time.Unix(unix, 0)); off > signWindow || off < -signWindow {
		return errTime
	}
	key, err := c.platformKey(ctx, s.serial)
	if err != nil {
		return err
	}
	return fits(key, s, body)
}

func fits(key *rsa.PublicKey, s stamp, body []byte) error {
	sig, err := base64.StdEncoding.DecodeString(s.signature)
	if err != nil {
		return errHeader
	}
	sum := sha256.Sum256([]byte(s.timestamp + "\n" + s.nonce + "\n" + string(body) + "\n"))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) != nil {
		return errSignature
	}
	return nil
}

// sealed is a resource under the APIv3 key.
type sealed struct {
	Algorithm      string `json:"algorithm"`
	Ciphertext     string `json:"ciphertext"`
	Nonce          string `json:"nonce"`
	AssociatedData string `json:"associated_data"`
	OriginalType   string `json:"original_type"`
}

var errSealed = errors.New("sealed content does not open")

// open decrypts a resource (AEAD_AES_256_GCM).
func (c *Client) open(s sealed) ([]byte, error) {
	text, err := base64.StdEncoding.DecodeString(s.Ciphertext)
	if err != nil || s.Algorithm != "AEAD_AES_256_GCM" || len(s.Nonce) != 12 {
		return nil, errSealed
	}
	block, err := aes.NewCipher([]byte(c.cfg.APIv3Key.Reveal()))
	if err != nil {
		return nil, errSealed
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, errSealed
	}
	plain, err := gcm.Open(nil, []byte(s.Nonce), text, []byte(s.AssociatedData))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// refusedBy reads the channel's error. What says "try again" is an unknown outcome.
func refusedBy(answer guard.Response) error {
	r := &refusal{status: answer.Status}
	if err := strict.Into(answer.Body, r); err != nil || r.Code == "" || answer.Status >= 500 || answer.Status == http.StatusTooManyRequests {
		return unknown(fmt.Errorf("status %d %s", answer.Status, r.Code))
	}
	return r
}

// unknown is an outcome that must be asked for, never assumed.
func unknown(cause error) error {
	return fault.Unavailable("channel.down", "支付通道暂时没有回应，钱款正在核对，不会重复扣款").Because(cause)
}

// code gives the channel's code of a refusal; "" for any other error.
func code(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}
