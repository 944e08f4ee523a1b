-- Why the items asked for could not be embedded, by run. Their ids are in the payload, as embed writes them.
SELECT asked.place, quarantine.run_id, quarantine.reason
FROM asked
JOIN quarantine ON quarantine.payload = asked.payload
WHERE quarantine.step = 'embed' AND quarantine.source = 'items'
