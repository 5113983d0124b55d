package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zhijian/domain/payment"
	"zhijian/ground/actor"
)

// moneyMeter counts, each time it is asked, what about money needs a person: an alert goes by it.
type moneyMeter struct {
	ctx  context.Context // of the run: a collector is asked without one
	desk *payment.Desk
}

var moneyOpen = prometheus.NewDesc("zhijian_money_open", "Things about money that need a person: refund, surplus, disputed, payment, finding, day.", []string{"what"}, nil)

// counted bounds one count; more than that is an alert all the same.
const counted = 1000

// Describe implements prometheus.Collector.
func (moneyMeter) Describe(to chan<- *prometheus.Desc) { to <- moneyOpen }

// Collect implements prometheus.Collector. What cannot be counted now is left out.
func (m moneyMeter) Collect(to chan<- prometheus.Metric) {
	ctx, stop := context.WithTimeout(m.ctx, 2*time.Second)
	defer stop()
	say := func(what string, n int) {
		to <- prometheus.MustNewConstMetric(moneyOpen, prometheus.GaugeValue, float64(n), what)
	}
	if list, err := m.desk.Troubles(ctx, actor.House, counted); err == nil {
		n := map[string]int{}
		for _, one := range list {
			n[one.What]++
		}
		for _, what := range []string{payment.OpenRefund, payment.OpenSurplus, payment.OpenDisputed, payment.OpenPayment} {
			say(what, n[what])
		}
	}
	if list, err := m.desk.Unexplained(ctx, actor.House, counted); err == nil {
		say("finding", len(list))
	}
	if list, err := m.desk.Unreconciled(ctx, actor.House); err == nil {
		say("day", len(list))
	}
}
