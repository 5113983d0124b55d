package service

import "fmt"

// phrase gives the engine's own wordings: what a definition need not say because it is the same everywhere.
func phrase(code string) Text {
	switch code {
	case "here":
		return Text{"现在的位置", "Where I am now"}
	case "next":
		return Text{"下一步", "Continue"}
	case "confirm":
		return Text{"确认提交", "Confirm and submit"}
	case "confirm_pay":
		return Text{"确认并付款 %s", "Confirm and pay %s"}
	case "pay":
		return Text{"付款 %s", "Pay %s"}
	case "pay_again":
		return Text{"再付一次 %s", "Pay again %s"}
	case "check":
		return Text{"请核对", "Check your answers"}
	case "check_pay":
		return Text{"付款前请核对", "Check before you pay"}
	case "name.check":
		return Text{"核对", "Check"}
	case "name.check_pay":
		return Text{"核对并付款", "Check and pay"}
	case "name.pay":
		return Text{"付款", "Pay"}
	case "name.result":
		return Text{"完成", "Done"}
	case "result":
		return Text{"结果", "Result"}
	case "name.book":
		return Text{"选时间", "Choose a time"}
	case "book":
		return Text{"哪天、几点来？", "Which day and time?"}
	case "payer":
		return Text{"缴款人", "Payer"}
	case "payee":
		return Text{"收款单位", "Paid to"}
	case "due":
		return Text{"应付", "Amount due"}
	case "amount":
		return Text{"金额", "Amount"}
	case "file.one":
		return Text{"1 个文件", "1 file"}
	case "files":
		return Text{"%d 个文件", "%d files"}
	case "trial.text":
		return Text{"（试办 %d）", "(trial %d)"}
	case "refunded":
		return Text{"退回", "Refunded"}
	case "free":
		return Text{"平台不收手续费。", "The platform charges no fee."}
	case "prove":
		return Text{"先证明您是谁", "First, show who you are"}
	case "prove.lead":
		return Text{"这一步要看到您本人的信息，只有您自己能看。", "This step shows your own information; only you may see it."}
	}
	return phrasePeople(code)
}

func phrasePeople(code string) Text {
	switch code {
	case "whom":
		return Text{"给谁办？", "Who is this for?"}
	case "name.whom":
		return Text{"给谁办", "For whom"}
	case "whom.self":
		return Text{"我自己", "Myself"}
	case "whom.child":
		return Text{"您的孩子", "Your child"}
	case "whom.mandate":
		return Text{"授权您代办", "Gave you a mandate"}
	case "whom.none":
		return Text{"还没有可以代办的人。请先添加孩子，或请对方授权。", "There is nobody yet whom you may act for. Add your child, or ask the person for a mandate."}
	case "whom.more":
		return Text{"给孩子或家人办，先在这里添加", "For a child or relative: add them here first"}
	case "unmandated":
		return Text{"您现在不能替这个人办理", "You can no longer act for this person"}
	case "unmandated.lead":
		return Text{"授权已经到期，或者被撤回了。已经交给部门的，部门会接着办。", "The mandate ran out or was taken back. What is with the office goes on there."}
	case "unmandated.way":
		return Text{"看一看代办授权", "See your mandates"}
	case "person.self":
		return Text{"本人", "You"}
	case "person.child":
		return Text{"孩子", "Child"}
	case "person.parent":
		return Text{"父母", "Parent"}
	case "person.spouse":
		return Text{"配偶", "Spouse"}
	case "person.other":
		return Text{"其他", "Other"}
	case "person.more":
		return Text{"添加家人或同行人", "Add a relative or companion"}
	case "entries.count":
		return Text{"%d 位", "%d in all"}
	case "entries.none":
		return Text{"没有", "None"}
	case "entries.entry":
		return Text{"%s %d", "%s %d"}
	case "locked.wrong":
		return Text{"不对的话，请先到登记的部门更正，再来办理。", "If this is wrong, have it corrected by the office that keeps the register first."}
	}
	return phraseWait(code)
}

func phraseWait(code string) Text {
	switch code {
	case "asking":
		return Text{"正在向%s查询", "Asking %s"}
	case "asking.lead":
		return Text{"可以离开，查到后发消息给您。", "You may leave; we will message you when it is here."}
	case "down":
		return Text{"暂时查不到", "Not available just now"}
	case "down.lead":
		return Text{"%s的系统没有回应，不是您的问题。已填的内容都还在。", "%s is not answering. It is not your fault, and nothing you typed is lost."}
	case "hush.busy":
		return Text{"问的人太多", "Too many are asking just now"}
	case "hush.busy.lead":
		return Text{"现在问%s的人太多，还没有轮到。不是您的问题，已填的内容都还在。", "Too many people are asking %s just now. It is not your fault, and nothing you typed is lost."}
	case "hush.quota":
		return Text{"问的人太多", "Too many are asking just now"}
	case "hush.quota.lead":
		return Text{"%s的系统每分钟能问的次数有限，这一分钟用完了。不是您的问题，已填的内容都还在。", "%s may be asked only so often a minute, and this minute's questions are used up. It is not your fault, and nothing you typed is lost."}
	case "hush.quota_day":
		return Text{"今天不能再查了", "No more can be looked up today"}
	case "hush.quota_day.lead":
		return Text{"%s的系统每天能问的次数有限，今天用完了。不是您的问题，已填的内容都还在。", "%s may be asked only so often a day, and today's questions are used up. It is not your fault, and nothing you typed is lost."}
	case "holding":
		return Text{"正在为您留这个时间", "Keeping this time for you"}
	case "ordering":
		return Text{"正在准备付款", "Preparing the payment"}
	case "ordering.down":
		return Text{"暂时不能付款", "Payment is not available just now"}
	case "ordering.down.lead":
		return Text{"支付通道没有回应，还没有扣钱。请再试一次。", "The payment channel is not answering. Nothing was charged. Please try again."}
	case "cancelling":
		return Text{"正在撤回这笔付款", "Calling off this payment"}
	case "cancelling.lead":
		return Text{"正在和银行核对，请不要付款。", "We are checking with the bank. Please do not pay now."}
	case "filing":
		return Text{"正在交给%s办理", "Filing with %s"}
	case "filing.lead":
		return Text{"可以离开，办好后发消息给您。", "You may leave; we will message you when it is done."}
	case "filing.down.lead":
		return Text{"%s的系统没有回应，我们会接着办，您不用再操作。", "%s is not answering. We keep trying; you need do nothing."}
	case "voiding":
		return Text{"正在撤回申请", "Calling the filing off"}
	case "voiding.lead":
		return Text{"撤回以后会发消息给您，您不用再操作。", "We will message you when it is called off; you need do nothing."}
	case "recalling":
		return Text{"正在请部门撤回", "Asking the department to let go of it"}
	case "recalling.lead":
		return Text{"部门同意以后就撤回了；不同意，会接着办。有结果发消息给您，您不用再操作。", "If the department agrees it is withdrawn; if not, it goes on. We will message you; you need do nothing."}
	case "kept":
		return Text{"部门没有同意撤回，接着办理。", "The department did not let go of it; it goes on."}
	case "kept.reason":
		return Text{"部门没有同意撤回：%s", "The department did not let go of it: %s"}
	case "unstated":
		return Text{"部门没有告知", "Not stated by the office"}
	case "paid.safe":
		return Text{"钱已经收到，请不要再付一次。", "Your payment has arrived. Please do not pay again."}
	case "refunding":
		return Text{"正在退款", "Refunding"}
	case "refunding.lead":
		return Text{"钱会原路退回，到账后发消息给您。", "The money goes back the way it came; we will message you when it arrives."}
	case "releasing":
		return Text{"正在退回原来的时间", "Giving back the earlier time"}
	case "stuck":
		return Text{"要请工作人员看一下", "A member of staff must look at this"}
	case "stuck.lead":
		return Text{"%s还没有确认。您不用再操作，有结果会发消息给您。", "%s has not confirmed. You need do nothing; we will message you."}
	case "waiting":
		return Text{"正在等%s的消息", "Waiting to hear from %s"}
	case "moment":
		return Text{"请稍等。", "One moment, please."}
	}
	return phraseEnd(code)
}

func phraseEnd(code string) Text {
	switch code {
	case "refused":
		return Text{"没有办成", "It was not done"}
	case "refused.lead":
		return Text{"%s没有接受。", "%s did not accept it."}
	case "refused.silent":
		return Text{"%s一直没有回应，我们已经撤回申请。", "%s did not answer, so we withdrew the filing."}
	case "refused.back":
		return Text{"钱已经原路退回。", "Your money has gone back the way it came."}
	case "withdrawn":
		return Text{"已经撤回", "Withdrawn"}
	case "withdrawn.lead":
		return Text{"部门已经同意撤回，这次办理到此结束。需要的话可以重新办。", "The department let go of it, and this matter ends here. You can apply again when you need it."}
	case "limited":
		return Text{"今天查的次数用完了", "No more look-ups today"}
	case "limited.lead":
		return Text{"为了保护大家的信息，每天查询的次数有限。请过 24 小时再查，或到窗口办理。", "To protect everybody's data, look-ups are limited. Try again in 24 hours, or go to the counter."}
	case "nothing":
		return Text{"没有可以办的", "There is nothing to do"}
	case "reviewing":
		return Text{"%s正在审核", "%s is reviewing"}
	case "reviewing.lead":
		return Text{"可以离开，审核完发消息给您。", "You may leave; we will message you when it is decided."}
	case "note.more":
		return Text{"还要补充：%s", "More is needed: %s"}
	case "leave":
		return Text{"去“%s”", "Go to %s"}
	case "leave.note":
		return Text{"会离开本站，办完请回到这一页。", "You leave this site; come back to this page when you are done."}
	case "note.refused":
		return Text{"%s没有接受，请看一看填的内容。", "%s did not accept this. Please check what you entered."}
	case "note.taken":
		return Text{"这个时间刚刚被约满，请换一个。", "This time has just been taken. Please choose another."}
	case "note.twice":
		return Text{"您这一天已经约过了，请换一天，或先取消原来的预约。", "You already have an appointment that day. Choose another day or cancel it first."}
	case "note.expired":
		return Text{"为您保留的时间已经过了，请重新选。", "The time kept for you has run out. Please choose again."}
	case "note.closed":
		return Text{"没有在规定时间内付款，没有扣钱。", "The payment was not made in time. Nothing was charged."}
	case "channel":
		return Text{"支付通道", "the payment channel"}
	case "department":
		return Text{"办理部门", "the department"}
	case "and_more":
		return Text{"%s 等 %d 项", "%s and others, %d in all"}
	case "window":
		return Text{"不同意可以到窗口说明，或打 12345。", "If you disagree, go to the counter or call 12345."}
	}
	return Text{Zh: code, En: code}
}

func phrased(lang, code string, args ...any) string {
	s := phrase(code).In(lang)
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}
