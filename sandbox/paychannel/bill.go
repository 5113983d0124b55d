package paychannel

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha1" // the channel chose it, for file integrity
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/money"
)

const billHead = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额," +
	"微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"

const billSumHead = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"

type billRow struct {
	at    time.Time
	cells []string
}

// tradeBill makes the file of one day (Asia/Shanghai) and says where to fetch it. Today's bill
// exists already, unlike the real channel's.
func (c *Channel) tradeBill(r *http.Request, _ []byte) (any, error) {
	q := r.URL.Query()
	day, err := time.ParseInLocation("2006-01-02", q.Get("bill_date"), clock.Shanghai)
	kind := q.Get("bill_type")
	if kind == "" {
		kind = "ALL"
	}
	if err != nil || !slices.Contains([]string{"ALL", "SUCCESS", "REFUND"}, kind) {
		return nil, badParam("bill_date", "日期应为 YYYY-MM-DD，类型为 ALL、SUCCESS 或 REFUND")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offer(c.billFile(day, kind), q.Get("tar_type"))
}

// offer keeps a file for download and says where it is; c.mu is held.
func (c *Channel) offer(file []byte, packing string) (any, error) {
	switch {
	case c.switches.Creating:
		return nil, refuse(http.StatusBadRequest, "STATEMENT_CREATING", "账单生成中，请稍后再试")
	case file == nil:
		return nil, refuse(http.StatusBadRequest, "NO_STATEMENT_EXIST", "这一天没有账单")
	}
	// The hash is over the plain bill, also when it is sent compressed.
	sum := sha1.Sum(file)
	if packing == "GZIP" {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(file)
		_ = z.Close()
		file = b.Bytes()
	}
	if len(c.downloads) > 100 {
		clear(c.downloads)
	}
	token := rand.Text()
	c.downloads[token] = file
	return map[string]any{
		"hash_type": "SHA1", "hash_value": hex.EncodeToString(sum[:]), "download_url": c.cfg.BaseURL + "/v3/billdownload/file?token=" + token,
	}, nil
}

func (c *Channel) billFile(day time.Time, kind string) []byte {
	var rows []billRow
	var count, paid, back int64
	until := day.AddDate(0, 0, 1)
	on := func(t time.Time) bool { return !t.Before(day) && t.Before(until) }
	for _, o := range c.listed {
		if o.transaction != "" && on(o.paidAt) && kind != "REFUND" {
			rows = append(rows, billRow{o.paidAt, o.billCells(success, o.paidAt, nil)})
			count, paid = count+1, paid+o.total
		}
		for _, f := range o.refunds {
			if f.status == success && on(f.at) && kind != "SUCCESS" {
				rows = append(rows, billRow{f.at, o.billCells(refunded, f.at, f)})
				count, back = count+1, back+f.amount
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b billRow) int { return a.at.Compare(b.at) })
	var b strings.Builder
	b.WriteString(billHead + "\r\n")
	for _, row := range rows {
		writeCells(&b, row.cells)
	}
	b.WriteString(billSumHead + "\r\n")
	p, f := money.Fen(paid).String(), money.Fen(back).String()
	writeCells(&b, []string{strconv.FormatInt(count, 10), p, f, "0.00", "0.00", p, f})
	return []byte(b.String())
}

// billCells is one line: a payment, or a refund of it.
func (o *order) billCells(state string, at time.Time, f *refund) []string {
	total := money.Fen(o.total).String()
	cells := []string{
		at.In(clock.Shanghai).Format("2006-01-02 15:04:05"), appID, mchID, "0", "", o.transaction, o.no, o.payer(), tradeType(o.kind), state,
		"OTHERS", "CNY", total, "0.00", "0", "0", "0.00", "0.00", "", "", o.about, o.attach, "0.00000", "0.00%", total, "0.00", "",
	}
	if f != nil {
		back := money.Fen(f.amount).String()
		cells[12], cells[24] = "0.00", "0.00"
		cells[14], cells[15], cells[16], cells[18], cells[19], cells[25] = f.id, f.no, back, "ORIGINAL", f.status, back
	}
	return cells
}

// writeCells puts a backtick before each cell, as the real bill does to keep spreadsheets from guessing.
func writeCells(b *strings.Builder, cells []string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("`" + strings.NewReplacer("`", "", "\r", " ", "\n", " ", ",", "，").Replace(c))
	}
	b.WriteString("\r\n")
}

// authenticatedFile serves a bill; like the real one it is not signed, so its reader checks the hash.
func (c *Channel) authenticatedFile(w http.ResponseWriter, r *http.Request) {
	if e := c.check(r, nil); e != nil {
		c.fail(w, r, e)
		return
	}
	c.mu.Lock()
	file := c.downloads[r.URL.Query().Get("token")]
	c.mu.Unlock()
	if file == nil {
		c.fail(w, r, refuse(http.StatusNotFound, "RESOURCE_NOT_EXISTS", "文件不存在"))
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(file)
}

// certificates lists the platform's certificates, each sealed under the APIv3 key.
func (c *Channel) certificates(*http.Request, []byte) (any, error) {
	list := []any{}
	for _, p := range c.keys.certificates() {
		ciphertext, nonce := c.encrypt(p.certificatePEM(), "certificate")
		list = append(list, map[string]any{
			"serial_no": p.serial, "effective_time": rfc3339(p.certificate.NotBefore), "expire_time": rfc3339(p.certificate.NotAfter),
			"encrypt_certificate": map[string]any{
				"algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "certificate", "ciphertext": ciphertext,
			},
		})
	}
	return map[string]any{"data": list}, nil
}
