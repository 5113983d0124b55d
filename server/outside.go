package server

import (
	"context"
	"fmt"
	"time"

	"zhijian/api"
	"zhijian/domain/identity"
	"zhijian/domain/payment"
	"zhijian/ground/seal"
	"zhijian/outside/absent"
	"zhijian/outside/office"
	sheets "zhijian/outside/office/sheet"
	"zhijian/outside/proof"
	"zhijian/outside/sms"
	"zhijian/outside/wechatpay"
	"zhijian/store"
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
	sms    identity.SMS
	pay    channel
	end    []func() // ends what has connections
}

// channel is the payment channel in both directions.
type channel interface {
	payment.Channel
	api.Notices
}

func (o outsides) close() {
	if o.office != nil {
		o.office.Close()
	}
	for _, end := range o.end {
		end()
	}
}

// openWorld makes the clients. Nothing is asked yet: a house starts although the world is away.
func (h *House) openWorld(context.Context) (err error) {
	urls := h.c.World.URLs
	for _, name := range systems {
		if urls[name] == "" {
			h.c.Log.Warn("not connected; name it in the outside file", "system", name)
		}
	}
	offices := map[string]office.Office{}
	for _, name := range systems {
		offices[name] = office.Office{} // asked in vain unless it has an address
	}
	delete(offices, "sms")
	delete(offices, "pay")
	for name, url := range urls {
		if name != "sms" && name != "pay" && name != "console" {
			offices[name] = office.Office{URL: url}
		}
	}
	own, err := readOffices(h.c.Offices, h.c.Clock)
	if err != nil {
		return err
	}
	for name, o := range own {
		if urls[name] != "" {
			return fmt.Errorf("office %s is in the outside file and in the folder of offices: leave it in one", name)
		}
		offices[name] = o
	}
	for name, calls := range kept {
		o := offices[name]
		if _, ok := own[name]; ok {
			continue // its file says what is kept
		}
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
	h.world.office, err = office.New(office.Config{
		Offices: offices, Clock: h.c.Clock, Purse: store.Budgets{DB: h.db, Ring: h.ring, Clock: h.c.Clock}, Log: h.c.Log,
		Families: map[string]func(string) office.Office{"sheet": sheets.Family(h.rooms.sheet)},
	})
	if err != nil {
		return err
	}
	h.world.sms, h.world.pay = absent.SMS{}, absent.Channel{}
	if urls["sms"] != "" {
		gateway, err := sms.New(sms.Config{URL: urls["sms"]})
		if err != nil {
			return err
		}
		h.world.sms, h.world.end = gateway, append(h.world.end, gateway.Close)
	}
	if urls["pay"] == "" {
		return nil
	}
	m := h.c.World.Merchant
	var pinned []string
	if m.PlatformCertificate != "" {
		pinned = []string{m.PlatformCertificate}
	}
	pay, err := wechatpay.New(wechatpay.Config{
		BaseURL: urls["pay"], MchID: m.MchID, AppID: m.AppID, Serial: m.Serial, PrivateKey: seal.Plain(m.PrivateKey),
		APIv3Key: seal.Plain(m.APIv3Key), Pinned: pinned, NotifyURL: h.c.Origin + "/notify/pay",
		SiteName: "指尖", SiteURL: h.c.Origin, Clock: h.c.Clock, Log: h.c.Log,
	})
	if err != nil {
		return err
	}
	h.world.pay, h.world.end = pay, append(h.world.end, pay.Release)
	return nil
}

// Offices asks the departments' systems, for tools and tests.
func (h *House) Offices() *office.Client { return h.world.office }

func (o outsides) register() proof.Register { return proof.Register{Office: o.office} }
func (o outsides) bank() proof.Bank         { return proof.Bank{Office: o.office} }
func (o outsides) vehicles() proof.Vehicles { return proof.Vehicles{Office: o.office} }
