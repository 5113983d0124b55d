package server

import (
	"context"
	"time"

	"zhijian/ground/seal"
	"zhijian/outside/office"
	"zhijian/outside/proof"
	"zhijian/outside/sms"
	"zhijian/outside/wechatpay"
)

// Merchant is who we are to the payment channel.
type Merchant struct {
	MchID               string `json:"mchid"`
	AppID               string `json:"appid"`
	Serial              string `json:"serial"`
	PrivateKey          string `json:"private_key"`
	APIv3Key            string `json:"apiv3_key"`
	PlatformSerial      string `json:"platform_serial"`
	PlatformCertificate string `json:"platform_certificate"`
}

// String hides the keys.
func (Merchant) String() string { return "[sealed]" }

// kept are the questions whose answers may be shown again for a while, always with the time they are of.
var kept = map[string]map[string]time.Duration{
	"weather": {"forecast": 5 * time.Minute},
	"hall":    {"halls.list": 10 * time.Minute, "matters.list": 10 * time.Minute},
}

// outsides are the clients to the world.
type outsides struct {
	office *office.Client
	sms    *sms.Gateway
	pay    *wechatpay.Client
}

func (o outsides) close() {
	if o.office != nil {
		o.office.Close()
	}
	if o.sms != nil {
		o.sms.Close()
	}
	if o.pay != nil {
		o.pay.Release()
	}
}

// openWorld makes the clients. Nothing is asked yet: a house starts although the world is away.
func (h *House) openWorld(context.Context) (err error) {
	urls := h.c.World.URLs
	offices := map[string]office.Office{}
	for name, url := range urls {
		if name != "sms" && name != "pay" && name != "console" {
			offices[name] = office.Office{URL: url}
		}
	}
	for name, calls := range kept {
		o := offices[name]
		o.Cache, o.Stale = calls, time.Hour
		offices[name] = o
	}
	if h.c.Demo {
		// Trying an outage out should not mean waiting half a minute for it to be over.
		for name, o := range offices {
			o.HalfOpen = 5 * time.Second
			offices[name] = o
		}
	}
	if h.world.office, err = office.New(office.Config{Offices: offices, Clock: h.c.Clock, Log: h.c.Log}); err != nil {
		return err
	}
	if h.world.sms, err = sms.New(sms.Config{URL: urls["sms"]}); err != nil {
		return err
	}
	m := h.c.World.Merchant
	var pinned []string
	if m.PlatformCertificate != "" {
		pinned = []string{m.PlatformCertificate}
	}
	h.world.pay, err = wechatpay.New(wechatpay.Config{
		BaseURL: urls["pay"], MchID: m.MchID, AppID: m.AppID, Serial: m.Serial, PrivateKey: seal.Plain(m.PrivateKey),
		APIv3Key: seal.Plain(m.APIv3Key), Pinned: pinned, NotifyURL: h.c.Origin + "/notify/pay",
		SiteName: "指尖", SiteURL: h.c.Origin, Clock: h.c.Clock, Log: h.c.Log,
	})
	return err
}

func (o outsides) register() proof.Register { return proof.Register{Office: o.office} }
func (o outsides) bank() proof.Bank         { return proof.Bank{Office: o.office} }
func (o outsides) vehicles() proof.Vehicles { return proof.Vehicles{Office: o.office} }
