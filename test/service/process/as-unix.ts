// Before anything asks for the system.
process.env['SHAKEDOWN_SYSTEM'] = 'unix'
