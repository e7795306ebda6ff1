import { app } from 'electron';

app.getLoginItemSettings();
