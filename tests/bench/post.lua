-- One lead of about 900 bytes, for wrk.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"kind":"lead","source":{"integration":"site","external_id":"A-1","channel":"site"},"customer":{"name":"Maria de Souza",'
  .. '"phones":["(11) 99876-5432"],"emails":["maria@example.com"]},"lead":{"type":"proposal","message":"' .. string.rep("x", 676) .. '"}}'
