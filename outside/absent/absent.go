// Package absent stands where a part of the world is not connected. Every call says so and does nothing, so that a house runs,
// shows what it can and is honest about the rest until the operator names the part in the outside file.
package absent

import (
	"context"
	"net/http"
	"time"

	"zhijian/domain/payment"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// SMS is a gateway that is not there.
type SMS struct{}

// Send answers fault.Unavailable "sms.absent".
func (SMS) Send(context.Context, seal.Text, string) error {
	return fault.Unavailable("sms.absent", "短信还没有接通，暂时不能登录")
}

// Channel is a payment channel that is not there.
type Channel struct{}

func unpaid() error { return fault.Unavailable("pay.absent", "缴费还没有接通") }

// Order answers fault.Unavailable "pay.absent", as all of Channel does.
func (Channel) Order(context.Context, payment.ChannelOrder) (string, error) { return "", unpaid() }

// Query answers fault.Unavailable "pay.absent".
func (Channel) Query(context.Context, string) (payment.Notice, error) {
	return payment.Notice{}, unpaid()
}

// Close answers fault.Unavailable "pay.absent".
func (Channel) Close(context.Context, string) error { return unpaid() }

// Refund answers fault.Unavailable "pay.absent".
func (Channel) Refund(context.Context, payment.ChannelRefund) (payment.Notice, error) {
	return payment.Notice{}, unpaid()
}

// QueryRefund answers fault.Unavailable "pay.absent".
func (Channel) QueryRefund(context.Context, string) (payment.Notice, error) {
	return payment.Notice{}, unpaid()
}

// Bill answers fault.Unavailable "pay.absent".
func (Channel) Bill(context.Context, time.Time) ([]payment.BillLine, error) { return nil, unpaid() }

// Open answers fault.Unavailable "pay.absent": whoever pushes a notice here tries again later.
func (Channel) Open(context.Context, http.Header, []byte) (payment.Notice, error) {
	return payment.Notice{}, unpaid()
}
