package paychannel

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/money"
)

const fundHead = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号"

const fundSumHead = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"

// movement is money that came into the merchant's account or left it.
type movement struct {
	at         time.Time
	trade      string // transaction or refund id
	voucher    string // the merchant's number
	name, kind string
	amount     int64 // negative for money that left
}

// fundBill makes the fund-flow file of one day. Only the basic account moves in this imitation.
func (c *Channel) fundBill(r *http.Request, _ []byte) (any, error) {
	q := r.URL.Query()
	day, err := time.ParseInLocation("2006-01-02", q.Get("bill_date"), clock.Shanghai)
	account := q.Get("account_type")
	if account == "" {
		account = "BASIC"
	}
	if err != nil || !slices.Contains([]string{"BASIC", "OPERATION", "FEES"}, account) {
		return nil, badParam("bill_date", "日期应为 YYYY-MM-DD，账户为 BASIC、OPERATION 或 FEES")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var file []byte
	if account == "BASIC" {
		file = fundFile(c.movements(), day)
	}
	return c.offer(file, q.Get("tar_type"))
}

// movements lists all that moved, oldest first; c.mu is held.
func (c *Channel) movements() []movement {
	var list []movement
	for _, o := range c.listed {
		if o.transaction == "" {
			continue
		}
		list = append(list, movement{o.paidAt, o.transaction, o.no, "交易", "交易", o.total})
		for _, f := range o.refunds {
			if f.status == success {
				list = append(list, movement{f.at, f.id, f.no, "退款", "退款", -f.amount})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b movement) int { return a.at.Compare(b.at) })
	return list
}

func fundFile(list []movement, day time.Time) []byte {
	var b strings.Builder
	var rows, came, left int
	var balance, in, out int64
	b.WriteString(fundHead + "\r\n")
	for _, m := range list {
		balance += m.amount
		if m.at.Before(day) || !m.at.Before(day.AddDate(0, 0, 1)) {
			continue
		}
		rows++
		way, amount := "收入", m.amount
		if amount < 0 {
			way, amount = "支出", -amount
			left, out = left+1, out+amount
		} else {
			came, in = came+1, in+amount
		}
		writeCells(&b, []string{
			m.at.In(clock.Shanghai).Format("2006-01-02 15:04:05"), m.trade, m.trade, m.name, m.kind, way, money.Fen(amount).String(), money.Fen(balance).String(), "1900000000", "", m.voucher,
		})
	}
	if rows == 0 {
		return nil
	}
	b.WriteString(fundSumHead + "\r\n")
	writeCells(&b, []string{strconv.Itoa(rows), strconv.Itoa(came), money.Fen(in).String(), strconv.Itoa(left), money.Fen(out).String()})
	return []byte(b.String())
}
