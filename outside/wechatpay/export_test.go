package wechatpay

import (
	"zhijian/domain/payment"
	"zhijian/ground/seal"
)

// Unwrapped reads a notice's body without the signature before it, so that fuzzing reaches what is behind it.
func Unwrapped(apiKey, mch, app string, body []byte) (payment.Notice, error) {
	c := &Client{cfg: Config{MchID: mch, AppID: app, APIv3Key: seal.Plain(apiKey)}}
	return c.unwrapped(body)
}
