package wechatpay_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zhijian/ground/fault"
	"zhijian/outside/wechatpay"
)

const billHead = "交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,商户退款单号,退款金额,退款状态,订单金额\r\n"

const bill = billHead +
	"`2026-11-23 10:00:00,`1900000109,`4200,`ORDER-1,`SUCCESS,`CNY,`150.00,`0,`0.00,`,`150.00\r\n" +
	"`2026-11-23 11:00:00,`1900000109,`4200,`ORDER-1,`REFUND,`CNY,`0.00,`R-1,`50.00,`SUCCESS,`0.00\r\n" +
	billSum

const billSum = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`2,`150.00,`50.00,`0.00,`0.00,`150.00,`50.00\r\n"

func TestBillIsReadWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	change := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	same := func(s string) string { return s }
	for _, c := range []struct {
		name string
		edit func(string) string
		ok   bool
	}{
		{"as it is", same, true},
		{"with a byte order mark", func(s string) string { return "\ufeff" + s }, true},
		{"with plain line ends", func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }, true},
		{"empty", func(string) string { return "" }, false},
		{"a line is missing", func(s string) string { return s[:len(billHead)] + billSum }, false},
		{"an amount changed", change("`150.00\r\n`2026", "`150.01\r\n`2026"), false},
		{"a refund changed", change("`50.00,`SUCCESS,`0.00\r\n总", "`51.00,`SUCCESS,`0.00\r\n总"), false},
		{"a column is missing", change("交易状态,", ""), false},
		{"a column is there twice", change("货币种类", "交易状态"), false},
		{"a cell is missing", change("`CNY,", ""), false},
		{"another currency", change("`CNY", "`USD"), false},
		{"another merchant", change("`1900000109", "`1900000110"), false},
		{"another state", change("`SUCCESS", "`REVOKED"), false},
		{"a refund without number", change("`R-1", "`"), false},
		{"no time", change("2026-11-23 10:00:00", "23.11.2026"), false},
		{"no summary", change(billSum, ""), false},
		{"another count", change("`2,`150.00", "`3,`150.00"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lines, err := wechatpay.ParseBill([]byte(c.edit(bill)), "1900000109")
			if (err == nil) != c.ok || (len(lines) == 2) != c.ok {
				t.Errorf("%d lines, %v", len(lines), err)
			}
		})
	}
}

// A refund that is on its way, or came to nothing, is in the bill and has moved nothing.
func TestBillLineOfARefundUnderWay(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"PROCESSING", "ABNORMAL", "CLOSED", ""} {
		lines, err := wechatpay.ParseBill([]byte(strings.Replace(bill, "`50.00,`SUCCESS", "`50.00,`"+state, 1)), "1900000109")
		if err != nil || len(lines) != 1 || lines[0].Refund {
			t.Errorf("%s: %+v, %v; want the payment alone", state, lines, err)
		}
	}
}

func TestBillIsHeldAgainstItsHash(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(http.Header, string) string
	}{
		{"other bytes", func(http.Header, string) string { return bill }},
		{"cut off", func(_ http.Header, b string) string { return b[:len(b)/2] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStreet(t, option{pin: true, front: func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/v3/billdownload/file" {
						tampered(h, c.change).ServeHTTP(w, r)
						return
					}
					h.ServeHTTP(w, r)
				})
			}})
			s.paid(t, "BILLED", 100)
			if lines, err := s.client.Bill(t.Context(), morning); !fault.Is(err, fault.KindUnavailable) || lines != nil {
				t.Errorf("believed: %v %v", lines, err)
			}
		})
	}
}

// tampered lets a handler answer and changes headers and body on the way.
func tampered(h http.Handler, change func(http.Header, string) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		body := change(rec.Header(), rec.Body.String())
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write([]byte(body))
	})
}

func FuzzBill(f *testing.F) {
	f.Add([]byte(bill))
	f.Add([]byte("\ufeff" + billHead + billSum))
	f.Add([]byte("`,`,`\n\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		lines, err := wechatpay.ParseBill(b, "")
		if err != nil && lines != nil {
			t.Error("lines with an error")
		}
		for _, l := range lines {
			if l.No == "" || l.Transaction == "" || l.Amount < 0 || l.Refund != (l.RefundNo != "") {
				t.Errorf("incomplete line: %+v", l)
			}
		}
	})
}
