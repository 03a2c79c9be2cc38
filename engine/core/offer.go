package core

import (
	"slices"
)

// offer leases the ticket to an agent until it expires.
//
//	        made
//	          │
//	 ┌────────┼─────────┬──────────┐
//	 v        v         v          v
//	accepted declined  expired   revoked
//	(assigned) └─ cool-down ─┘   (no cool-down)
func (d *draft) offer(agent *Agent, plan *queuePlan) {
	expires := d.m.now + plan.expires
	d.t.Offers = append(slices.Clip(d.t.Offers), Offer{Agent: agent.ID, Ordinal: agent.Ordinal, Made: d.m.now, Expires: expires})
	d.given = agent.Ordinal
	d.emit(Event{Type: OfferMade, Agent: agent.ID, Queue: d.t.Queue, Expires: expires})
}

// withdraw takes an agent's offer off the ticket.
func (d *draft) withdraw(agent Ordinal) {
	d.t.Offers = slices.DeleteFunc(slices.Clone(d.t.Offers), func(o Offer) bool { return o.Ordinal == agent })
}

// revoke ends every open offer but one agent's, without cool-down. That agent's
// own ends with the assignment.
func (d *draft) revoke(why string, but Ordinal) {
	for _, o := range d.t.Offers {
		if o.Ordinal != but {
			d.emit(Event{Type: OfferRevoked, Agent: o.Agent, Detail: why})
		}
	}
	d.t.Offers = nil
}

// refuse lets the pair cool down: the ticket is not offered to the agent until
// then.
func (d *draft) refuse(agent *Agent) {
	plan := d.m.queuePlan(d.t.Queue)
	if plan == nil || plan.coolDown == 0 {
		return
	}
	refusals := slices.DeleteFunc(slices.Clone(d.t.Refusals), func(r Refusal) bool { return r.Ordinal == agent.Ordinal })
	refusal := Refusal{Agent: agent.ID, Ordinal: agent.Ordinal, At: d.m.now, Until: d.m.now + plan.coolDown}
	if plan.readmit > 0 {
		refusal.Again = min(d.m.now+plan.readmit, refusal.Until)
	}
	d.t.Refusals = append(refusals, refusal)
}

// offerTo finds an agent's open offer of a ticket.
func (t *Ticket) offerTo(agent Ordinal) bool {
	return slices.ContainsFunc(t.Offers, func(o Offer) bool { return o.Ordinal == agent })
}

// accept takes an offered ticket. An accept stamped with the expiry is in time.
func (m *Machine) accept(c AcceptOffer) Reply {
	t, agent, rejection := m.offered(c.Ticket, c.Agent)
	if rejection != nil {
		return refused(rejection)
	}
	d := m.edit(t)
	d.happens = EventFacts{Type: happenedAssigned, From: RoleAgent.String(), Agent: string(agent.ID)}
	d.emit(Event{Type: OfferAccepted, Agent: agent.ID})
	d.setAssignee(agent, viaOffer, false)
	reply := d.reply(agent.ID, d.conclude(true))
	if reply.Rejection == nil {
		m.resetTimeouts(agent.Ordinal)
	}
	return reply
}

// decline refuses an offered ticket: the pair cools down.
func (m *Machine) decline(c DeclineOffer) Reply {
	var check checks
	if check.text("why", c.Why, FieldValueBytesMax); check.first != nil {
		return refused(check.first)
	}
	t, agent, rejection := m.offered(c.Ticket, c.Agent)
	if rejection != nil {
		return refused(rejection)
	}
	m.resetTimeouts(agent.Ordinal)
	d := m.edit(t)
	d.happens = EventFacts{Type: happenedUpdated, From: RoleAgent.String(), Agent: string(agent.ID)}
	d.emit(Event{Type: OfferDeclined, Agent: agent.ID, Detail: c.Why})
	d.withdraw(agent.Ordinal)
	d.refuse(agent)
	return d.reply(agent.ID, d.conclude(false))
}

func (m *Machine) offered(id TicketID, agentID AgentID) (*Ticket, *Agent, *Rejection) {
	t, agent, rejection := m.pair(id, agentID)
	if rejection == nil && !t.offerTo(agent.Ordinal) {
		rejection = reject(ReasonNoOffer, "agent", "ticket %q is not offered to agent %q", id, agentID)
	}
	return t, agent, rejection
}

// pair finds a ticket and an agent that a command names.
func (m *Machine) pair(id TicketID, agentID AgentID) (*Ticket, *Agent, *Rejection) {
	t := m.ticket(id)
	if t == nil {
		return nil, nil, noTicket("ticket", id)
	}
	agent := m.agent(agentID)
	if agent == nil {
		return nil, nil, noAgent("agent", agentID)
	}
	return t, agent, nil
}

// expire ends an offer that nobody answered: the pair cools down, and an agent
// who let several pass in a row is set away.
func (m *Machine) expire(t *Ticket, agent Ordinal) {
	a := m.agentAt(agent)
	if a == nil || !t.offerTo(agent) {
		return
	}
	plan := m.queuePlan(t.Queue)
	d := m.edit(t)
	d.happens = EventFacts{Type: happenedDeadline, From: RoleSystem.String(), Agent: string(a.ID)}
	d.emit(Event{Type: OfferExpired, Agent: a.ID})
	d.withdraw(agent)
	d.refuse(a)
	_ = d.conclude(false)
	changed := *m.agentAt(agent)
	changed.Timeouts++
	m.setAgent(&changed)
	if plan != nil && plan.timeouts > 0 && changed.Timeouts >= plan.timeouts {
		m.become(agent, PresenceAway)
	}
}

// readmit lets an agent who refused the ticket be asked again, should everybody
// have refused it.
func (m *Machine) readmit(t *Ticket, agent Ordinal) {
	d := m.edit(t)
	d.t.Refusals = slices.Clone(t.Refusals)
	for i := range d.t.Refusals {
		if d.t.Refusals[i].Ordinal == agent {
			d.t.Refusals[i].Again = 0
			d.emit(Event{Type: OfferReadmitted, Agent: d.t.Refusals[i].Agent})
		}
	}
	d.putAsOf()
}

// warm ends a cool-down: the ticket may be offered to the agent again.
func (m *Machine) warm(t *Ticket, agent Ordinal) {
	d := m.edit(t)
	d.t.Refusals = slices.DeleteFunc(slices.Clone(t.Refusals), func(r Refusal) bool {
		if r.Ordinal == agent {
			d.emit(Event{Type: OfferCooledDown, Agent: r.Agent})
		}
		return r.Ordinal == agent
	})
	d.putAsOf()
}

// revokeAll ends every open offer to an agent, in ticket order.
func (m *Machine) revokeAll(agent Ordinal, why string) {
	for _, o := range slices.Clone(m.ringing[agent]) {
		d := m.edit(m.ticketAt(o))
		d.happens = EventFacts{Type: happenedUpdated, From: RoleSystem.String()}
		for _, offer := range d.t.Offers {
			if offer.Ordinal == agent {
				d.emit(Event{Type: OfferRevoked, Agent: offer.Agent, Detail: why})
			}
		}
		d.withdraw(agent)
		_ = d.conclude(false)
	}
}
