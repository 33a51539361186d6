update judgement set at = now(), by = $1
