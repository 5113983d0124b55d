package sandbox_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"testing"

	"zhijian/sandbox/paychannel"
)

// merchant signs requests to the payment channel.
type merchant struct {
	paychannel.Merchant
	key *rsa.PrivateKey
}

func newMerchant(t *testing.T, m paychannel.Merchant) merchant {
	t.Helper()
	block, _ := pem.Decode([]byte(m.PrivateKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return merchant{Merchant: m, key: key.(*rsa.PrivateKey)}
}

// post sends a signed request and gives status and answer; no answer is nil.
func (m merchant) post(t *testing.T, base, path string, with object) (int, object) {
	t.Helper()
	body, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	at, nonce := fmt.Sprint(monday().Now().Unix()), rand.Text()
	sum := sha256.Sum256([]byte("POST\n" + path + "\n" + at + "\n" + nonce + "\n" + string(body) + "\n"))
	signature, err := rsa.SignPKCS1v15(nil, m.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", fmt.Sprintf(`WECHATPAY2-SHA256-RSA2048 mchid=%q,nonce_str=%q,timestamp=%q,serial_no=%q,signature=%q`,
		m.MchID, nonce, at, m.Serial, base64.StdEncoding.EncodeToString(signature)))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out object
	if len(b) > 0 {
		if err := json.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
	}
	return answer.StatusCode, out
}
