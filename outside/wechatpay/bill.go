package wechatpay

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1" // the channel chose it; the hash itself comes in a signed answer
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

const maxBill = 64 << 20 // unpacked; about 250,000 lines

// Bill downloads the trade bill of a day (Asia/Shanghai), proves it against its hash and reads
// it. A day without movement is empty. fault.Unavailable while the channel still writes it.
func (c *Client) Bill(ctx context.Context, day time.Time) (_ []payment.BillLine, err error) {
	date := day.In(clock.Shanghai).Format("2006-01-02")
	defer fault.Wrap(&err, "wechatpay: bill %s", date)
	file, err := c.billFile(ctx, "/v3/bill/tradebill?bill_date="+date+"&bill_type=ALL&tar_type=GZIP")
	if err != nil || file == nil {
		return nil, err
	}
	return ParseBill(file, c.cfg.MchID)
}

// FundFlow downloads what came into the merchant's basic account and left it on a day (Asia/Shanghai), fees and settlements
// included; it is proven and read as Bill is.
func (c *Client) FundFlow(ctx context.Context, day time.Time) (_ []Movement, err error) {
	date := day.In(clock.Shanghai).Format("2006-01-02")
	defer fault.Wrap(&err, "wechatpay: fund flow %s", date)
	file, err := c.billFile(ctx, "/v3/bill/fundflowbill?bill_date="+date+"&account_type=BASIC&tar_type=GZIP")
	if err != nil || file == nil {
		return nil, err
	}
	return ParseFundFlow(file)
}

// billFile downloads a bill and proves it against its hash; nil for a day without movement.
func (c *Client) billFile(ctx context.Context, path string) ([]byte, error) {
	var where struct {
		HashType string `json:"hash_type"`
		Hash     string `json:"hash_value"`
		URL      string `json:"download_url"`
	}
	err := c.call(ctx, http.MethodGet, path, nil, &where)
	switch code(err) {
	case "":
	case "NO_STATEMENT_EXIST":
		return nil, nil
	case "STATEMENT_CREATING":
		return nil, unknown(err)
	}
	if err != nil {
		return nil, told(err)
	}
	file, err := c.download(ctx, where.URL)
	if err != nil {
		return nil, unknown(err)
	}
	sum := sha1.Sum(file)
	want, err := hex.DecodeString(where.Hash)
	if err != nil || where.HashType != "SHA1" || subtle.ConstantTimeCompare(sum[:], want) != 1 {
		return nil, unknown(errors.New("the file does not fit its hash"))
	}
	return file, nil
}

// download fetches and unpacks a bill from the channel's own host, and from no other.
func (c *Client) download(ctx context.Context, from string) ([]byte, error) {
	u, err := url.Parse(from)
	if err != nil || u.Scheme != c.base.Scheme || u.Host != c.base.Host {
		return nil, errors.New("the file is on another host")
	}
	answer, err := c.send(ctx, http.MethodGet, u.RequestURI(), nil, maxBill)
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, refusedBy(answer)
	}
	if !bytes.HasPrefix(answer.Body, []byte{0x1f, 0x8b}) {
		return answer.Body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(answer.Body))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(z, maxBill+1))
	if err == nil && len(b) > maxBill {
		err = errors.New("the file is too large")
	}
	return b, err
}

// errBill is a file that is no bill of the form we know.
var errBill = errors.New("not a trade bill")

// ParseBill reads a trade bill of type ALL and gives what moved: a refund that is only on its way is left out. Every line must be complete and of the merchant mchID ("" for any), and
// the lines must add up to the summary, or nothing is given.
func ParseBill(file []byte, mchID string) ([]payment.BillLine, error) {
	text := strings.TrimPrefix(string(file), "\ufeff")
	lines := strings.Split(strings.ReplaceAll(strings.TrimRight(text, "\r\n"), "\r\n", "\n"), "\n")
	if len(lines) < 3 {
		return nil, errBill
	}
	columns, err := billColumns(lines[0])
	if err != nil {
		return nil, err
	}
	body, tail := lines[1:len(lines)-2], lines[len(lines)-2:]
	all, moved := make([]payment.BillLine, 0, len(body)), make([]payment.BillLine, 0, len(body))
	for i, line := range body {
		l, done, err := columns.read(line, mchID)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		if all = append(all, l); done {
			moved = append(moved, l)
		}
	}
	if err := addsUp(all, tail[0], tail[1]); err != nil {
		return nil, err
	}
	return moved, nil
}

type columns map[string]int

// billColumns finds the columns we read by their names in the first line.
func billColumns(head string) (columns, error) {
	out := columns{}
	for i, name := range strings.Split(head, ",") {
		if _, twice := out[name]; twice {
			return nil, errBill
		}
		out[name] = i
	}
	for _, need := range []string{"交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "货币种类", "应结订单金额", "商户退款单号", "退款金额", "退款状态", "订单金额"} {
		if _, ok := out[need]; !ok {
			return nil, fmt.Errorf("%w: column %s is missing", errBill, need)
		}
	}
	return out, nil
}

// cells splits a line: each cell begins with a backtick.
func cells(line string) []string {
	rest, ok := strings.CutPrefix(line, "`")
	if !ok {
		return nil
	}
	return strings.Split(rest, ",`")
}

// read gives a line; done says that its money has moved.
func (c columns) read(line, mchID string) (l payment.BillLine, done bool, err error) {
	row := cells(line)
	if len(row) != len(c) {
		return l, false, fmt.Errorf("%d cells, not %d", len(row), len(c))
	}
	cell := func(name string) string { return strings.TrimSpace(row[c[name]]) }
	at, err := time.ParseInLocation("2006-01-02 15:04:05", cell("交易时间"), clock.Shanghai)
	if err != nil {
		return l, false, errors.New("no time")
	}
	l, done = payment.BillLine{At: at.UTC(), No: cell("商户订单号"), Transaction: cell("微信订单号")}, true
	amount := cell("订单金额")
	switch cell("交易状态") {
	case "SUCCESS":
	case "REFUND":
		l.Refund, l.RefundNo, amount = true, cell("商户退款单号"), cell("退款金额")
		// A line is written when the refund is accepted; PROCESSING, ABNORMAL and CLOSED ones moved nothing.
		done = cell("退款状态") == "SUCCESS"
	default:
		return l, false, errors.New("a state that is neither payment nor refund")
	}
	if l.Amount, err = money.Parse(amount); err != nil {
		return l, false, errors.New("no amount")
	}
	if l.No == "" || l.Transaction == "" || (l.Refund && l.RefundNo == "") || cell("货币种类") != "CNY" || (mchID != "" && cell("商户号") != mchID) {
		return l, false, errors.New("incomplete, or of another merchant")
	}
	return l, done, nil
}

// addsUp holds the lines against the file's own summary.
func addsUp(list []payment.BillLine, head, line string) error {
	names, row := strings.Split(head, ","), cells(line)
	if len(names) != len(row) {
		return fmt.Errorf("%w: no summary", errBill)
	}
	sums := map[string]string{}
	for i, n := range names {
		sums[n] = row[i]
	}
	var paid, back money.Fen
	var err error
	for _, l := range list {
		if l.Refund {
			back, err = money.Add(back, l.Amount)
		} else {
			paid, err = money.Add(paid, l.Amount)
		}
		if err != nil {
			return err
		}
	}
	if sums["总交易单数"] != strconv.Itoa(len(list)) || sums["订单总金额"] != paid.String() || sums["退款总金额"] != back.String() {
		return fmt.Errorf("%w: the lines do not add up to the summary", errBill)
	}
	return nil
}
